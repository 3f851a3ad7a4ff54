"""Towns and the postcodes around them: both become those of one other region of the country.

A region is a town (or a few) with the first characters of its postcodes: postcode areas of the
United Kingdom, Leitregionen of Germany (two digits), provinces of Spain (two digits), and states
of the United States, whose ranges of ZIP codes are Faker's.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from faker.providers.address.en_US import Provider as UnitedStates

from . import keyed
from .lexicon import fold

_REGIONS = {
    "GB": """
        Aberdeen AB|St Albans AL|Birmingham B|Bath BA|Blackburn BB|Bradford BD|Bournemouth BH
        |Bolton BL|Brighton BN|Bromley BR|Bristol BS|Belfast BT|Carlisle CA|Cambridge CB
        |Cardiff CF|Chester CH|Chelmsford CM|Colchester CO|Croydon CR|Canterbury CT|Coventry CV
        |Crewe CW|Dartford DA|Dundee DD|Derby DE|Dumfries DG|Durham DH|Darlington DL|Doncaster DN
        |Dorchester DT|Dudley DY|London E EC N NW SE SW W WC|Edinburgh EH|Enfield EN|Exeter EX
        |Falkirk FK|Blackpool FY|Glasgow G|Gloucester GL|Guildford GU|Harrow HA|Huddersfield HD
        |Harrogate HG|Hemel Hempstead HP|Hereford HR|Hull;Kingston upon Hull HU|Halifax HX
        |Ilford IG|Ipswich IP|Inverness IV|Kilmarnock KA|Kingston upon Thames KT|Kirkwall KW
        |Kirkcaldy KY|Liverpool L|Lancaster LA|Llandrindod Wells LD|Leicester LE|Llandudno LL
        |Lincoln LN|Leeds LS|Luton LU|Manchester M|Rochester ME|Milton Keynes MK|Motherwell ML
        |Newcastle upon Tyne;Newcastle NE|Nottingham NG|Northampton NN|Newport NP|Norwich NR
        |Oldham OL|Oxford OX|Paisley PA|Peterborough PE|Perth PH|Plymouth PL|Portsmouth PO
        |Preston PR|Reading RG|Redhill RH|Romford RM|Sheffield S|Swansea SA|Stevenage SG
        |Stockport SK|Slough SL|Sutton SM|Swindon SN|Southampton SO|Salisbury SP|Sunderland SR
        |Southend-on-Sea SS|Stoke-on-Trent ST|Shrewsbury SY|Taunton TA|Galashiels TD|Telford TF
        |Tonbridge TN|Torquay TQ|Truro TR|Middlesbrough TS|Twickenham TW|Southall UB|Warrington WA
        |Watford WD|Wakefield WF|Wigan WN|Worcester WR|Walsall WS|Wolverhampton WV|York YO
        |Lerwick ZE""",
    "DE": """
        Dresden 01|Cottbus 03|Leipzig 04|Halle 06|Gera 07|Zwickau 08|Chemnitz 09|Berlin 10 12 13
        |Potsdam 14|Frankfurt an der Oder 15|Eberswalde 16|Neubrandenburg 17|Rostock 18
        |Schwerin 19|Hamburg 20 22|Lüneburg 21|Lübeck 23|Kiel 24|Elmshorn 25|Oldenburg 26
        |Bremerhaven 27|Bremen 28|Celle 29|Hannover 30|Hildesheim 31|Herford 32|Bielefeld 33
        |Kassel 34|Gießen 35|Fulda 36|Göttingen 37|Braunschweig 38|Magdeburg 39|Düsseldorf 40
        |Mönchengladbach 41|Wuppertal 42|Dortmund 44|Essen 45|Gelsenkirchen 46|Duisburg 47
        |Münster 48|Osnabrück 49|Köln;Cologne 50 51|Aachen 52|Bonn 53|Trier 54|Mainz 55|Koblenz 56
        |Siegen 57|Hagen 58|Hamm 59|Frankfurt am Main;Frankfurt 60|Hanau 63|Darmstadt 64
        |Wiesbaden 65|Saarbrücken 66|Ludwigshafen 67|Mannheim 68|Heidelberg 69|Stuttgart 70
        |Böblingen 71|Tübingen 72|Göppingen 73|Heilbronn 74|Pforzheim 75|Karlsruhe 76|Offenburg 77
        |Konstanz 78|Freiburg;Freiburg im Breisgau 79|München;Munich 80 81|Rosenheim 83
        |Landshut 84|Ingolstadt 85|Augsburg 86|Kempten 87|Ravensburg 88|Ulm 89
        |Nürnberg;Nuremberg 90|Fürth 91|Amberg 92|Regensburg 93|Passau 94|Bayreuth 95|Bamberg 96
        |Würzburg 97|Suhl 98|Erfurt 99""",
    "ES": """
        Vitoria 01|Albacete 02|Alicante 03|Almería 04|Ávila 05|Badajoz 06
        |Palma;Palma de Mallorca 07|Barcelona 08|Burgos 09|Cáceres 10|Cádiz 11|Castellón 12
        |Ciudad Real 13|Córdoba 14|A Coruña 15|Cuenca 16|Girona 17|Granada 18|Guadalajara 19
        |San Sebastián 20|Huelva 21|Huesca 22|Jaén 23|León 24|Lleida 25|Logroño 26|Lugo 27
        |Madrid 28|Málaga 29|Murcia 30|Pamplona 31|Ourense 32|Oviedo 33|Palencia 34
        |Las Palmas;Las Palmas de Gran Canaria 35|Pontevedra 36|Salamanca 37
        |Santa Cruz de Tenerife 38|Santander 39|Segovia 40|Sevilla;Seville 41|Soria 42
        |Tarragona 43|Teruel 44|Toledo 45|Valencia 46|Valladolid 47|Bilbao 48|Zamora 49
        |Zaragoza 50|Ceuta 51|Melilla 52""",
    "US": """
        Birmingham;Montgomery AL|Anchorage AK|Phoenix;Tucson AZ|Little Rock AR
        |Los Angeles;San Diego;San Francisco;San Jose;Sacramento CA|Denver CO|Hartford CT
        |Wilmington DE|Miami;Tampa;Orlando;Jacksonville FL|Atlanta GA|Honolulu HI|Boise ID
        |Chicago IL|Indianapolis IN|Des Moines IA|Wichita KS|Louisville KY|New Orleans LA
        |Portland ME|Baltimore MD|Boston;Worcester;Springfield MA|Detroit MI|Minneapolis MN
        |Jackson MS|Kansas City;St Louis MO|Billings MT|Omaha NE|Las Vegas;Reno NV|Manchester NH
        |Newark NJ|Albuquerque NM|New York;Buffalo;Brooklyn NY|Charlotte;Raleigh NC|Fargo ND
        |Columbus;Cleveland;Cincinnati OH|Oklahoma City;Tulsa OK|Salem;Eugene OR
        |Philadelphia;Pittsburgh PA|Providence RI|Charleston SC|Sioux Falls SD
        |Nashville;Memphis TN|Houston;Dallas;Austin;San Antonio;Fort Worth;El Paso TX
        |Salt Lake City UT|Burlington VT|Richmond;Norfolk VA|Seattle;Spokane WA|Huntsville WV
        |Milwaukee;Madison WI|Cheyenne WY""",
}


class Region(NamedTuple):
    """One region: its towns, the main one first, and what its postcodes begin with (of a state, its
    abbreviation)."""

    country: str
    towns: tuple[str, ...]
    prefixes: tuple[str, ...]


def of_town(town: str, country: str) -> Region | None:
    """The region of a town: of the country, if that has one of the name, else of another."""
    by_town = _by_town()
    found = by_town.get(" ".join(fold(town).replace("-", " ").split()), {})
    return found.get(country) or next(iter(found.values()), None)


def of_postcode(code: str, country: str) -> Region | None:
    """The region of a postcode of a country: its first letters, digits, or range."""
    if country == "US":
        return None if (state := _state_of(code)) is None else _by_prefix("US").get(state)
    if country == "GB":
        return _by_prefix("GB").get("".join(c for c in code[:2].upper() if c.isalpha()))
    return _by_prefix(country).get(code[:2])


def of_state(state: str) -> Region | None:
    """The region of one of the United States, by its abbreviation."""
    return _by_prefix("US").get(state.upper())


def other(key: bytes, region: Region, attempt: int = 0) -> Region:
    """The keyed surrogate of a region: another of its country."""
    names = [one.towns[0] for one in _regions(region.country)]
    value = region.towns[0] + (f"\0{attempt}" if attempt else "")
    new = keyed.pick(
        key, f"region {region.country}", value, names, lambda made: made != region.towns[0]
    )
    return next(one for one in _regions(region.country) if one.towns[0] == new)


def zip_code(key: bytes, state: str, value: str) -> str:
    """Five keyed digits in a state's range."""
    low, high = UnitedStates.states_postcode[state]
    return f"{low + keyed.number(key, 'zip', value, high - low + 1):05d}"


@lru_cache(maxsize=8)
def _regions(country: str) -> tuple[Region, ...]:
    rows = (" ".join(row.split()) for row in _REGIONS.get(country, "").split("|"))
    found = []
    for row in filter(None, rows):
        parts = row.split(" ")
        first = next(i for i, part in enumerate(parts) if part.isdigit() or _is_code(part))
        towns = tuple(" ".join(parts[:first]).split(";"))
        found.append(Region(country, towns, tuple(parts[first:])))
    return tuple(found)


def _is_code(part: str) -> bool:
    return part.isascii() and part.isupper() and len(part) <= 2 and part != "A"


@lru_cache(maxsize=1)
def _by_town() -> dict[str, dict[str, Region]]:
    found: dict[str, dict[str, Region]] = {}
    for country in _REGIONS:
        for region in _regions(country):
            for town in region.towns:
                key = " ".join(fold(town).replace("-", " ").split())
                found.setdefault(key, {})[country] = region
    return found


@lru_cache(maxsize=8)
def _by_prefix(country: str) -> dict[str, Region]:
    return {prefix: region for region in _regions(country) for prefix in region.prefixes}


def _state_of(code: str) -> str | None:
    digits = code[:5]
    if not (digits.isascii() and digits.isdigit() and len(digits) == 5):
        return None
    ranges = UnitedStates.states_postcode.items()
    return next(
        (state for state, (low, high) in ranges if low <= int(digits) <= high and of_state(state)),
        None,
    )
