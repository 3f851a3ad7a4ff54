"""Vocabularies that fill templates: what is labelled, and what must not be."""

from __future__ import annotations


def _lines(text: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in text.replace("\n", " ").split(",") if item.strip())


JOBS = _lines("""
bus driver, lorry driver, taxi driver, truck driver, primary school teacher, maths teacher,
plumber, electrician, carpenter, software engineer, accountant, solicitor, barrister, hairdresser,
barber, chef, line cook, waitress, waiter, bartender, baker, butcher, farmer, dairy farmer,
fisherman, miner, welder, bricklayer, roofer, painter and decorator, postman, courier, warehouse
worker, forklift operator, security guard, police officer, firefighter, paramedic, soldier, army
officer, pilot, flight attendant, train conductor, cleaner, janitor, caretaker, gardener,
landscape architect, architect, civil engineer, mechanical engineer, car mechanic, bank clerk,
bank manager, estate agent, insurance broker, journalist, news editor, photographer, graphic
designer, web developer, data analyst, statistician, librarian, university lecturer, chemistry
professor, research scientist, biologist, pharmacist, dental nurse, dentist, veterinary nurse,
vet, midwife, social worker, childminder, nanny, au pair, youth worker, care assistant, factory
worker, machinist, seamstress, tailor, shoemaker, jeweller, goldsmith, musician, violinist, actor,
actress, dancer, painter, sculptor, novelist, poet, translator, interpreter, judge, prison
officer, civil servant, diplomat, politician, lobbyist, priest, imam, rabbi, vicar, monk, nun,
personal trainer, football coach, jockey, golfer, sales assistant, shop assistant, cashier,
supervisor, store manager, project manager, HR manager, marketing director, consultant, call
centre agent, telemarketer, secretary, receptionist, office administrator, personal assistant,
secondary school teacher, teaching assistant, headteacher, student, bookkeeper, auditor, actuary,
economist, surveyor, crane operator, scaffolder, glazier, locksmith, undertaker, beautician, nail
technician, florist, beekeeper, lifeguard, zookeeper, game designer, video producer, sound
engineer, radio presenter, astronomer, geologist, sailor, dock worker, shipbuilder, lumberjack,
park ranger, tour guide, travel agent, hotel manager, housekeeper, bellboy, sommelier, brewer,
cheesemaker, paralegal, court reporter, detective, private investigator, probation officer,
psychologist, speech therapist, optician, radiographer, occupational therapist, cardiologist,
orthopaedic surgeon, anaesthetist, dietitian, biomedical scientist, dinner lady, lollipop lady,
bin man, milkman, window cleaner, chimney sweep, handyman, odd-job man, trawlerman, crofter,
shepherd, shearer, drover, ranch hand, cowboy, crabber, oysterman, whaler, stockman, jackaroo,
matatu driver, rickshaw driver, Uber driver, cab driver, tram driver, train driver, HGV driver,
van driver, coach driver, postmistress, postmaster, town crier, lighthouse keeper, innkeeper,
publican, landlady, barista, barmaid, barman, bouncer, DJ, busker, street vendor, market trader,
stallholder, greengrocer, fishmonger, grocer, newsagent, ironmonger, milliner, cobbler,
blacksmith, farrier, saddler, thatcher, stonemason, mason, tiler, plasterer, joiner, cabinet
maker, upholsterer, labourer, navvy, rigger, roughneck, driller, steelworker, foundry worker, mill
worker, weaver, spinner, potter, glassblower, printer, bookbinder, typesetter, librarian's
assistant, nursery worker, nursery teacher, kindergarten teacher, piano teacher, music teacher, PE
teacher, teacher, lecturer, professor, tutor, dean, bishop, minister, pastor, deacon, chaplain,
missionary, councillor, mayor, senator, MP, lawyer, attorney, notary, magistrate, clerk, bailiff,
sheriff, constable, detective inspector, PCSO, traffic warden, fireman, coastguard, submariner,
marine, sergeant, corporal, air hostess, steward, stewardess, cabin crew, air traffic controller,
astronaut, runner, sprinter, footballer, cricketer, boxer, swimmer, cyclist, rower, goalkeeper,
referee, coach, skipper, deckhand, ferryman, stevedore, docker, longshoreman, engineer, electrical
engineer, coder, developer, sysadmin, IT technician, tester, data scientist, banker, broker,
trader, treasurer, cobalt miner, coal miner, quarryman, beautician's assistant, manicurist,
masseuse, yoga teacher, model, singer, songwriter, drummer, guitarist, cellist, conductor,
composer, comedian, magician, clown, circus performer, film director, cameraman, editor,
columnist, reporter, author, blogger, influencer, gamer, care worker, carer, home help, domestic
worker, maid, butler, cook, night baker, pastry chef, kitchen porter, dishwasher, pizza delivery
rider, food courier, seasonal fruit picker, farmhand, vineyard worker, groundsman, greenkeeper,
tree surgeon, gamekeeper, beachcomber, trapper, mushroom forager, salesman, saleswoman, sales rep,
shopkeeper, storekeeper, stock clerk, payroll clerk, bookmaker, croupier, phlebotomist, dog
walker, dog groomer, kennel owner, horse trainer, zoologist, botanist, chemist, physicist,
mathematician, philosopher, historian, archaeologist, curator, archivist, apprentice, intern,
trainee electrician, volunteer, retiree, housewife, stay-at-home dad, homemaker, refugee worker
""")
ES_JOBS = _lines("""
camarero, camarera, albañil, fontanero, electricista, profesora, profesor de instituto, maestra,
abogado, abogada, ingeniero, conductor de autobús, taxista, camionero, minero jubilado,
agricultor, ganadero, pescador, cocinero, panadera, carnicero, peluquera, administrativa,
contable, dependienta, enfermera, militar, policía local, bombero, jardinero, limpiadora,
cuidadora, soldador, pintor, arquitecta, informático, periodista, músico, estudiante, ama de casa,
funcionaria, mecánico, carpintero, costurera, cocinera, repartidor, vigilante de seguridad,
cajera, auxiliar administrativo, técnico de sistemas, celador, opositora, comercial, vendedora
ambulante, empleada de hogar, barrendero, cartero, guardia civil, maestro de primaria,
catedrática, traductora, veterinario, farmacéutica, peón agrícola, jornalero, marinero,
mariscadora, ferroviario, azafata, piloto, gerente, aparejador, delineante, tapicero, yesero,
chapista, tornero, operario de fábrica, montador, programadora, diseñador gráfico, entrenador de
fútbol, bailarina, actor, escritora, sacerdote, monja, juez, notaria, registrador, inspectora de
hacienda, taquillera, socorrista, monitora de gimnasio, niñera, plomero, mesero, chofer, obrero,
comerciante, ama de llaves, modista, zapatero, joyero, relojero, agente inmobiliario, bedel,
conserje, portero de finca, encofrador, ferrallista, apicultor, viticultor, pastor, leñador, guía
turístico
""")
DE_JOBS = _lines("""
Busfahrer, Lehrerin, Grundschullehrer, Bäcker, Metzger, Elektriker, Schlosser, Maurer, Dachdecker,
Tischler, Ingenieurin, Softwareentwickler, Buchhalterin, Rechtsanwalt, Friseurin, Koch, Kellnerin,
Landwirt, Polizist, Feuerwehrmann, Soldat, Pilotin, Verkäuferin, Sekretärin, Hausmeister, Gärtner,
Erzieherin, Altenpflegerin, Krankenpfleger, Apotheker, Architektin, Journalist, Musiker, Student,
Postbote, Lagerarbeiter, Kraftfahrer, Schweißer, Maler, Bankkauffrau, Kaufmann, Hausfrau, Rentner,
Lehrer, Gymnasiallehrerin, Erzieher, Pfarrer, Richterin, Steuerberater, Versicherungskauffrau,
Industriemechaniker, Mechatroniker, Kfz-Mechaniker, Zerspanungsmechaniker, Fliesenleger,
Zimmermann, Installateur, Heizungsbauer, Lackierer, Schreiner, Bergmann, Straßenbahnfahrerin,
Lokführer, LKW-Fahrer, Taxifahrer, Paketzusteller, Briefträgerin, Reinigungskraft, Putzfrau,
Hauswirtschafterin, Köchin, Konditor, Fleischer, Winzer, Förster, Floristin, Tierärztin,
Tierpflegerin, Zahnarzthelferin, Hebamme, Sozialarbeiterin, Bürokauffrau, Verwaltungsangestellte,
Beamter, Finanzbeamtin, Zollbeamter, Bundeswehrsoldat, Justizvollzugsbeamter, Sachbearbeiterin,
Filialleiter, Einzelhandelskaufmann, Kassiererin, Lageristin, Staplerfahrer, Gabelstaplerfahrer,
Informatikerin, Programmierer, Physiker, Chemielaborantin, Bauingenieur, Vermessungstechniker,
Grafikerin, Schauspielerin, Tänzer, Geigerin, Schriftsteller, Dolmetscherin, Übersetzer, Fotograf,
Optikerin, Goldschmied, Uhrmacher, Schneiderin, Schuhmacher, Sattler, Imker, Stewardess, Matrose,
Reiseleiterin, Tagesmutter, Studentin, Schülerin, Auszubildender, Azubi, Frührentnerin, Pensionär,
pensionierter Lehrer, Wirtin, Kellner, Barkeeper, Türsteher, Wachmann, Bademeister,
Fußballtrainer, Yogalehrerin, Landwirtin, Melker, Tankwart
""")
NATIONALITIES = _lines("""
Polish, German, French, Spanish, Italian, Portuguese, Greek, Turkish, Romanian, Bulgarian,
Hungarian, Czech, Slovak, Austrian, Swiss, Dutch, Belgian, Danish, Swedish, Norwegian, Finnish,
Icelandic, Irish, Scottish, Welsh, English, British, American, Canadian, Mexican, Brazilian,
Argentinian, Chilean, Colombian, Peruvian, Venezuelan, Cuban, Jamaican, Haitian, Indian,
Pakistani, Bangladeshi, Sri Lankan, Nepali, Chinese, Japanese, Korean, Vietnamese, Thai, Filipino,
Indonesian, Malaysian, Singaporean, Australian, Russian, Ukrainian, Belarusian, Georgian,
Armenian, Israeli, Palestinian, Lebanese, Syrian, Iraqi, Iranian, Afghan, Saudi, Yemeni, Egyptian,
Libyan, Tunisian, Moroccan, Algerian, Ethiopian, Eritrean, Somali, Sudanese, Kenyan, Ugandan,
Tanzanian, Nigerian, Ghanaian, Senegalese, Ivorian, Congolese, Angolan, Zimbabwean, Zambian, South
African, Serbian, Croatian, Bosnian, Albanian, Kosovan, Slovenian, Lithuanian, Kurdish, Mongolian,
Kazakh, Uzbek, Taiwanese, Cambodian, Guatemalan, Bolivian, Ecuadorian
""")
HELD_OUT_NATIONALITIES = _lines("""
Estonian, Latvian, Maltese, New Zealander, Fijian, Paraguayan, Uruguayan, Honduran, Rwandan,
Malian, Namibian, Jordanian, Qatari, Omani, Burmese, Laotian, Bhutanese, Moldovan, Macedonian,
Cypriot
""")
NATIONALS = _lines("""
Poles, Germans, Spaniards, Italians, Greeks, Turks, Romanians, Hungarians, Austrians, Danes,
Swedes, Norwegians, Finns, Americans, Canadians, Mexicans, Brazilians, Colombians, Indians,
Pakistanis, Russians, Ukrainians, Syrians, Iraqis, Iranians, Afghans, Egyptians, Moroccans,
Nigerians, Ghanaians, Kenyans, Australians, Koreans, Filipinos, Muslims, Catholics, Protestants,
Hindus, Sikhs, Buddhists, Jews, Democrats, Republicans, Liberals, Conservatives, Belgians, Cubans,
Serbs, Croats, Kurds, Israelis
""")
HELD_OUT_NATIONALS = _lines("""
Estonians, Latvians, Chileans, Peruvians, Thais, Scots, Czechs, Slovaks, Mormons, Methodists,
Quakers
""")
NATIONAL_NOUNS = _lines("""
Frenchman, Frenchwoman, Englishman, Englishwoman, Irishman, Irishwoman, Scotsman, Scotswoman,
Welshman, Dutchman, Dutchwoman, Spaniard, Pole, Dane, Swede, Finn, Turk, Greek, German, Italian,
Russian, Ukrainian, American, Canadian, Mexican, Brazilian, Australian, Indian, Pakistani,
Nigerian, Kenyan, Egyptian, Syrian, Iraqi, Briton, Serb
""")
RELIGIONS = _lines("""
Muslim, Christian, Catholic, Roman Catholic, Protestant, Jewish, Hindu, Sikh, Buddhist, Methodist,
Baptist, Anglican, Orthodox Christian, Jehovah's Witness, Sunni, Shia, Mormon, Quaker,
Presbyterian, Lutheran, Evangelical, Pentecostal, Jain, Zoroastrian, atheist
""")
PARTIES = _lines("""
Labour, Conservative, Tory, Liberal Democrat, Green, Democratic, Republican, Democrat, Socialist,
Social Democratic, Communist, Libertarian, Labour Party, Green Party, Republican Party, Christian
Democratic
""")
ES_NATIONALITIES = _lines("""
español, española, rumano, rumana, marroquí, ecuatoriano, colombiana, peruano, boliviana,
argentino, venezolana, cubano, dominicana, portugués, francesa, italiano, alemana, polaco,
ucraniana, senegalés, chino, rumanos, marroquíes, ecuatoriana, colombiano, peruana, boliviano,
argentina, venezolano, cubana, dominicano, portuguesa, francés, italiana, alemán, polaca,
ucraniano, senegalesa, china, mexicano, mexicana, paraguaya, uruguayo, chilena, hondureña,
nicaragüense, salvadoreño, guatemalteca, brasileña, brasileño, búlgaro, búlgara, rusa, ruso,
inglés, inglesa, británica, irlandés, holandesa, argelino, argelina, nigeriano, gambiano,
maliense, pakistaní, indio, filipina, japonés, coreana, sirio, siria, iraní, saharaui, gitana,
catalán, gallega, vasco, andaluza, canaria, estadounidense, canadiense, costarricense
""")
DE_NATIONALITIES = _lines("""
türkische, polnische, syrische, rumänische, italienische, griechische, kroatische, russische,
ukrainische, afghanische, spanische, französische, österreichische, bulgarische, ungarische,
vietnamesische, türkischer, polnischer, syrischer, rumänischer, italienischer, griechischer,
kroatischer, russischer, ukrainischer, afghanischer, spanischer, serbische, serbischer,
albanische, bosnische, marokkanische, tunesische, irakische, iranische, eritreische, somalische,
nigerianische, ghanaische, indische, chinesische, japanische, koreanische, amerikanische,
britische, niederländische, dänische, schwedische, tschechische, slowakische, slowenische,
portugiesische, brasilianische, deutsche, deutscher, schweizerische, kurdische, georgische,
kasachische, kosovarische
""")
ES_COUNTRIES = _lines("""
España, Francia, Portugal, Italia, Alemania, Reino Unido, Marruecos, Argelia, Senegal, Rumanía,
Bulgaria, Ucrania, Polonia, Rusia, China, India, Pakistán, Perú, Ecuador, Colombia, Bolivia,
Argentina, Chile, Uruguay, México, Cuba, Venezuela, República Dominicana, Estados Unidos, Brasil,
Andorra, Suiza, Bélgica, Países Bajos, Guinea Ecuatorial
""")
DE_COUNTRIES = _lines("""
Deutschland, Österreich, Schweiz, Frankreich, Italien, Spanien, Polen, Tschechien, Ungarn,
Rumänien, Bulgarien, Kroatien, Serbien, Bosnien, Griechenland, Türkei, Syrien, Irak, Iran,
Afghanistan, Ukraine, Russland, Marokko, Indien, Vietnam, Brasilien, Niederlande, Belgien,
Dänemark, Schweden, Großbritannien, Eritrea, Ghana, Nigeria, Kasachstan
""")
LANGUAGES = _lines("""
Urdu, Tigrinya, Farsi, Pashto, Cantonese, Mandarin, Swahili, Bengali, Punjabi, Tamil
""")
EXTRA_PLACES = _lines("""
Europe, Asia, Africa, South America, North America, Scandinavia, the Middle East, Catalonia,
Bavaria, Tuscany, Andalusia, Punjab, Kerala, Tamil Nadu, Yorkshire, Cornwall, Kent, Essex, Devon,
Norfolk, Wales, Scotland, Northern Ireland, the Midlands, Lancashire, Cumbria, the Highlands,
Brittany, Normandy, Provence, Saxony, Hesse, Galicia, the Basque Country, Lombardy, Sicily, Crete,
the Balkans, Siberia, Manhattan, Brooklyn, Queens, Camden, Hackney, Croydon, Brixton, Soho, the
Bronx, Long Island, Ontario, Quebec, Alberta, British Columbia, New South Wales, Queensland,
Victoria, Tasmania, UK, USA, U.S., US, UAE, the Netherlands, the Philippines, the United States,
Mount Everest, the Alps, the Danube, Lake Victoria, the Nile, the Thames
""")
COMPANY_WORDS = _lines("""
Bright, Northern, Blue, Summit, Harbour, Evergreen, Silver, Golden, Pioneer, Apex, Vertex,
Quantum, Pacific, Atlantic, Global, United, First, National, Royal, Crown, Red, Oak, Maple,
Falcon, Eagle, Lion, Star, Sun, Moon, River, Stone, Iron, Solar, Digital, Cloud, Next, Smart,
Swift, Rapid, Clear, Pure, Prime, Metro, Urban, Coastal, Highland, Meadow, Orchard, Cedar, Willow,
Phoenix, Atlas, Orion, Nova, Delta, Omega, Alpha, Zenith
""")
COMPANY_KINDS = _lines("""
Bank, Insurance, Logistics, Foods, Energy, Motors, Airlines, Telecom, Systems, Software,
Technologies, Consulting, Partners, Media, Press, Pharmaceuticals, Chemicals, Textiles,
Constructions, Engineering, Hotels, Pharmacy, Stores, Supermarkets, Outfitters, Brewery, Studios,
Records, Labs, Robotics, Shipping, Trust, Foundation, Charity, Housing Association, Credit Union,
Holdings, Group, Capital, Ventures, Homes, Health
""")
COMPANY_ENDINGS = _lines("""
Ltd, Limited, Inc, Inc., LLC, plc, GmbH, AG, S.A., S.L., & Co, Corp, Corp., Group, PLC
""")
REAL_ORGS = _lines("""
Amazon, Google, Microsoft, Apple, Facebook, Netflix, IBM, Intel, Samsung, Sony, Toyota, Honda,
BMW, Siemens, Bosch, Volkswagen, Tesco, Sainsbury's, Asda, Lidl, Aldi, Walmart, Target, Costco,
IKEA, Boots, Walgreens, CVS, HSBC, Barclays, Lloyds, Santander, BBVA, Deutsche Bank, Citibank,
Chase, Wells Fargo, Goldman Sachs, Visa, FedEx, UPS, DHL, Royal Mail, British Airways, Lufthansa,
Ryanair, Delta, Uber, Airbnb, PayPal, eBay, Vodafone, Verizon, AT&T, Telefónica, BBC, CNN,
Reuters, NATO, UNICEF, Red Cross, Oxfam, World Bank, United Nations, FIFA, European Union,
Parliament, Congress, Starbucks, McDonald's, Nestlé, Coca-Cola, Pfizer, Roche, Novartis, Shell,
Mercadona, Correos, Iberia, Renfe, Zara, Deutsche Telekom, Allianz, Bayer, Home Office, NASA,
Oracle, Twitter, Best Buy, Morgan Stanley, General Motors, General Electric, Bank of America,
Ford, New York Times, Washington Post, The Guardian, Chicago Tribune, Associated Press, Bloomberg,
Disney, Warner Bros, Nike, Adidas, Puma, Nintendo, LG, Philips, Nokia, Ericsson, Huawei, Alibaba,
Tencent, Tesla, Hyundai, Nissan, Renault, Fiat, Ferrari, Boeing, Airbus, Rolls-Royce, BP, Exxon,
Chevron, Total, Unilever, Procter & Gamble, PepsiCo, Kraft, Danone, Johnson & Johnson, Merck,
AstraZeneca, GlaxoSmithKline, Sanofi, Moderna, Abbott, Medtronic, Marks & Spencer, Next, John
Lewis, Waitrose, Morrisons, Argos, Currys, Greggs, Costa, Nando's, Domino's, KFC, Burger King,
Subway, Deloitte, KPMG, PwC, Ernst & Young, Accenture, Capgemini, Infosys, Tata, Wipro, Reliance,
Emirates, Qantas, KLM, Air France, easyJet, American Airlines, Southwest, Greyhound, Amtrak,
National Rail, Transport for London, Scotland Yard, the FBI, the CIA, Interpol, the Met Office,
the Treasury, the Senate, the Pentagon, Greenpeace, Amnesty International, Unesco, Save the
Children, Age UK, Macmillan, Samaritans, the Salvation Army, Manchester United, Real Madrid,
Bayern Munich, the Lakers, Yankees, Arsenal, Harvard, Oxford University, MIT, Stanford, Yale, Sky,
ITV, Channel 4, Fox News, MTV, Spotify, YouTube, Instagram, WhatsApp, TikTok, LinkedIn, Reddit,
Wikipedia, Yahoo, Zoom, Slack, Adobe, SAP, Salesforce, Cisco, Dell, HP, Lenovo, Xerox, Canon,
Kodak, Pizza Hut, Hilton, Marriott, Hertz, Avis, Western Union, Mastercard
""")
INSURERS = _lines("""
Bupa, Aviva, AXA, Vitality, Cigna, Aetna, Humana, Kaiser Permanente, Blue Cross Blue Shield,
UnitedHealthcare, AOK, Barmer, Techniker Krankenkasse, DAK, Sanitas, Adeslas, Mapfre, Medicaid,
Medicare, WellCare, Anthem
""")
SCHOOL_FORMS = _lines("""
{x} High School, {x} Primary School, {x} Academy, University of {x}, {x} University, {x} College,
St {n}'s School, {x} Grammar School, {x} State University, {n} College, {x} Elementary, {x}
Institute of Technology, {n} School
""")
FACILITY_FORMS = _lines("""
{x} General Hospital, {x} Hospital, St {n}'s Hospital, {x} Medical Centre, {x} Medical Center, {x}
Surgery, {x} Health Centre, {x} Clinic, {x} Infirmary, {x} Royal Infirmary, University Hospital
{x}, {n} Memorial Hospital, Royal {x} Hospital, {x} Family Practice, {n} Clinic, {x} Children's
Hospital, {x} Community Hospital, {n} House, {x} Care Home, {x} Hospice, {x} Regional Medical
Center, {x} Walk-in Centre, Saint {n} Medical Center, {x} Lodge, Queen {n} Hospital, Our Lady of
{x} Hospital, {x} Dental Practice, {n} Ward, The {n} Clinic, {x} Group Practice, {x} Nursing Home,
{x} Dialysis Centre, {x} Mental Health Centre, {x} Urgent Care, {n} Surgery, {x} Eye Hospital
""")
ES_FACILITY_FORMS = _lines("""
Hospital Universitario de {x}, Hospital General de {x}, Hospital {n}, Hospital San {n}, Clínica
{n}, Centro de Salud {x}, Hospital Virgen de {x}, Complejo Hospitalario de {x}, Hospital Clínico
de {x}, Clínica {x}, Hospital Comarcal de {x}, Centro de Especialidades {x}, Ambulatorio {x},
Consultorio de {x}, CAP {x}, Residencia {n}, Residencia de Mayores {x}, Hospital Santa {n},
Sanatorio {n}, Sanatorio San {n}, Clínica Dental {n}, Farmacia {n}, Hospital Regional de {x},
Unidad de Salud Mental de {x}, Instituto Oncológico {n}, Centro de Día {x}, Policlínica {n},
Policlínico {x}, Fundación Jiménez {n}, Hospital Militar de {x}, Hospital Infantil {n}, Clínica
Nuestra Señora de {x}, Laboratorio {n}, Hospital Doctor {n}, Hospital Materno Infantil de {x},
Centro de Rehabilitación {n}, Hospital Parc {n}, Óptica {n}
""")
DE_FACILITY_FORMS = _lines("""
Universitätsklinikum {x}, Klinikum {x}, St. {n}-Krankenhaus, Krankenhaus {x}, Praxis Dr. {n},
{n}-Klinik, Städtisches Klinikum {x}, Gemeinschaftspraxis {n}, MVZ {x}, Reha-Klinik {x}, Charité,
Kreiskrankenhaus {x}, Evangelisches Krankenhaus {x}, Marienhospital {x}, Klinikum Landkreis {x},
Universitätsspital {x}, Kantonsspital {x}, Landeskrankenhaus {x}, LKH {x}, Uniklinik {x},
Hausarztpraxis {n}, Hausarztpraxis Dr. {n}, Praxis {n} & Kollegen, Zahnarztpraxis Dr. {n},
Seniorenheim {x}, Pflegeheim St. {n}, Seniorenzentrum {n}, Haus {n}, {n}-Apotheke, Apotheke {x},
Kinderklinik {x}, Klinik {n}, Klinik am {n}, Fachklinik {x}, BG Klinik {x}, Bezirkskrankenhaus
{x}, Bezirksklinikum {x}, Ärztehaus {x}, Labor Dr. {n}, Radiologie {x}, Dialysezentrum {x}, Hospiz
{n}, Sozialstation {x}, Asklepios Klinik {x}, Helios Klinikum {x}, Spital {x}, Medizinische
Hochschule {x}, St. {n} Hospital, Krankenhaus der Barmherzigen Brüder {x}, Elisabeth-Krankenhaus
{x}, Tagesklinik {x}, Ambulanz {x}
""")
HOTELS = _lines("""
{x} Inn, Hotel {n}, Hotel {x}, Grand Hotel {x}, {x} Palace, {x} Lodge, {n} Guesthouse, {x} Hilton
""")
STREET_KINDS = _lines("""
Street, Street, Street, Road, Road, Road, Avenue, Avenue, Lane, Lane, Drive, Drive, Close, Court,
Place, Way, Crescent, Terrace, Gardens, Square, Hill, Grove, Park, Mews, Row, Boulevard, Circle,
Trail, St, St., Rd, Ave, Ave., Dr, Ln, Blvd, Parkway, Highway, Walk, Green, Rise, View, Quay,
Wharf, Mount, Path, Loop, Pike
""")
STREET_NAMES = _lines("""
Oak, Maple, High, Church, Station, Mill, Park, Victoria, Queen, King, George, Elm, Cedar, Pine,
Washington, Lincoln, Main, 2nd, 5th, 42nd, Second, Third, Lake, Hill, Spring, Bridge, Green,
London, York, North, South, West End, Old Kent, Chapel, Manor, Grange, Meadow, Orchard, Rose,
Holly, Birch, Willow, Chestnut, Sunset, River, Market, New, Castle, Abbey, Priory, School,
Windmill, Long, Broad, Upper, Lower Mill, St John's, St Mary's
""")
ES_STREET_KINDS = _lines("""
Calle, Calle, C/, c/, Avenida, Avda., Av., Paseo, Plaza, Pza., Ronda, Carretera de, Camino, calle
""")
DE_STREET_KINDS = _lines("""
straße, straße, str., strasse, weg, gasse, allee, platz, ring, damm, ufer, -Straße, -Allee
""")
DRUGS = _lines("""
paracetamol, ibuprofen, amoxicillin, metformin, ramipril, amlodipine, atorvastatin, simvastatin,
omeprazole, lansoprazole, sertraline, citalopram, fluoxetine, salbutamol, Ventolin, Seretide,
prednisolone, warfarin, apixaban, Eliquis, Xarelto, clopidogrel, Plavix, aspirin, bisoprolol,
furosemide, Lasix, levothyroxine, Synthroid, insulin, Lantus, Humalog, Ozempic, Jardiance,
gabapentin, pregabalin, Lyrica, tramadol, codeine, co-codamol, Tylenol, Advil, Nurofen, Calpol,
Zantac, Nexium, Lipitor, Crestor, Prozac, Zoloft, Xanax, Valium, Ativan, Ambien, lithium,
olanzapine, Seroquel, Risperdal, Adderall, Ritalin, Viagra, Cialis, Botox, Humira, Enbrel,
methotrexate, hydroxychloroquine, doxycycline, Augmentin, ciprofloxacin, Bactrim, nitrofurantoin,
fluconazole, acyclovir, Zyrtec, loratadine, Benadryl, montelukast, Singulair, Symbicort, Spiriva,
Flonase, Microgynon, Yasmin, Mirena, Depo-Provera, Premarin, tamoxifen, Herceptin, digoxin,
Entresto, losartan, Diovan, Coumadin, heparin, Lovenox, morphine, oxycodone, OxyContin, Percocet,
fentanyl, naloxone, Narcan, Keppra, Lamictal, Depakote, Topamax, Imitrex, Synvisc, Celebrex,
colchicine, allopurinol, Fosamax, vitamin D, folic acid, iron, senna, Movicol, Gaviscon,
Pepto-Bismol, Imodium, Zofran, ondansetron, Reglan, Aciphex, Protonix, K-Dur, Norvasc, Toprol,
Coreg, Zestril, Hyzaar, Januvia, Victoza, Trulicity, Aricept, Namenda, Sinemet, Requip, Remicade,
Prolia, Avastin, Keytruda, Gleevec, Suboxone, Wellbutrin, Effexor, Cymbalta, Lexapro, Paxil,
Abilify, Klonopin
""")
DISEASES = _lines("""
hypertension, type 2 diabetes, asthma, COPD, heart failure, atrial fibrillation, pneumonia,
urinary tract infection, gastroenteritis, migraine, tension headache, depression, anxiety,
hypothyroidism, osteoarthritis, gout, eczema, psoriasis, cellulitis, sciatica, anaemia, chronic
kidney disease, stroke, TIA, epilepsy, GERD, IBS, gallstones, appendicitis, diverticulitis,
prostate cancer, breast cancer, lung cancer, melanoma, sepsis, DVT, pulmonary embolism, angina,
NSTEMI, glaucoma, cataract, otitis media, tonsillitis, sinusitis, COVID-19, influenza, shingles,
chickenpox, measles, scarlet fever, Lyme disease, malaria, tuberculosis, hepatitis B, HIV,
rheumatoid arthritis, lupus, multiple sclerosis, dementia, delirium, PTSD, ADHD, autism, bipolar
disorder, anorexia, croup, bronchiolitis, colic, pre-eclampsia, endometriosis, polycystic ovary
syndrome, sleep apnoea, vertigo, tinnitus
""")
EPONYMS = _lines("""
Parkinson's disease, Parkinson disease, Crohn's disease, Crohn's, Crohn disease, Graves' disease,
Graves disease, Wilson's disease, Bell's palsy, Alzheimer's, Alzheimer disease, Huntington's
disease, Addison's disease, Cushing's syndrome, Hashimoto's thyroiditis, Down syndrome, Turner
syndrome, Marfan syndrome, Hodgkin lymphoma, Hodgkin's, Kawasaki disease, Raynaud's phenomenon,
Sjögren's syndrome, Guillain-Barré syndrome, Tourette's, Asperger's, Barrett's oesophagus, Baker's
cyst, Colles fracture, Dupuytren's contracture, Achilles tendon, Osgood-Schlatter disease, Perthes
disease, Scheuermann's disease, Paget's disease, Kaposi's sarcoma, Wilms tumour, Ewing sarcoma,
Burkitt lymphoma, Meckel's diverticulum, Hirschsprung's disease, Peyronie's disease, Meniere's
disease, Ménière's disease, Wernicke's encephalopathy, Korsakoff syndrome, Charcot joint, Tinel
sign, Phalen test, Babinski sign, Romberg test, Murphy's sign, Lasègue test, Trendelenburg sign,
Hoffman's sign, Kernig's sign, Chvostek sign, Homans sign, Virchow's node, Cheyne-Stokes
breathing, Kussmaul breathing, Mallory-Weiss tear, Stevens-Johnson syndrome, Henoch-Schönlein
purpura, Behçet's disease, Takayasu arteritis, Wegener's granulomatosis, Goodpasture syndrome,
Alport syndrome, Fanconi anaemia, von Willebrand disease, Gilbert's syndrome, Lynch syndrome,
Brugada syndrome, Wolff-Parkinson-White syndrome, Dressler syndrome, Lewy body dementia, Pick's
disease, Tay-Sachs, Still's disease, Reye's syndrome, Horner's syndrome, Morton's neuroma, Sever's
disease, Heberden's nodes, Epstein-Barr virus
""")
SYMPTOMS = _lines("""
chest pain, shortness of breath, cough, fever, headache, dizziness, nausea, vomiting, diarrhoea,
constipation, abdominal pain, back pain, knee pain, sore throat, runny nose, earache, rash,
itching, fatigue, weight loss, night sweats, palpitations, swelling of the legs, blurred vision,
double vision, numbness, tingling in both hands, weakness of the left arm, difficulty swallowing,
heartburn, bloating, blood in the urine, burning on urination, frequency, low mood, poor sleep,
panic attacks, hair loss, hot flushes, heavy periods, vaginal bleeding, discharge, hip pain, a
swollen ankle, neck stiffness, photophobia, wheeze, loss of appetite, tummy ache, a funny turn, a
lump
""")
TESTS = _lines("""
MRI, CT, chest X-ray, ultrasound, echocardiogram, ECG, colonoscopy, endoscopy, blood test, urine
dip, biopsy, spirometry, mammogram, stress test, Holter monitor, lumbar puncture, EEG, cystoscopy,
smear test, DEXA scan, PET-CT, Doppler ultrasound, Dix-Hallpike manoeuvre, Schirmer test, coronary
angiogram, sleep study, allergy test, HbA1c, full blood count, thyroid function tests, liver
function tests, knee replacement, hip replacement, appendicectomy
""")
LABS = _lines("""
Hb 11.2, WBC 7.8, platelets 210, Na 138, K 4.1, creatinine 94, eGFR 62, CRP 12, HbA1c 7.2%,
glucose 169 mg/dL, TSH 3.4, LDL 2.9, troponin <5, INR 2.4, ALT 35, bilirubin 12, ferritin 9, B12
210, PSA 1.16 ng/ml, D-dimer 450, urea 6.1, calcium 2.35, albumin 38, ESR 40, potassium 5.6,
lactate 1.8, pH 7.32, folate 4.1, uric acid 410
""")
VITALS = _lines("""
BP 120/80, BP 142/91 mmHg, HR 72, pulse 88 regular, RR 16, temp 37.2, T 98.6 F, SpO2 97% on air,
O2 sat 94%, weight 72 kg, height 170 cm, BMI 28.4, GCS 15, pain 6/10, blood pressure 130 over 85,
heart rate of 76, afebrile
""")
SCORES = _lines("""
CHA2DS2-VASc score, Wells score, Glasgow Coma Scale, Apgar score, PHQ-9, GAD-7, MELD score,
Child-Pugh score, CURB-65, Centor criteria, Ranson criteria, HAS-BLED, NEWS2, Waterlow score,
Barthel index, Bishop score, MMSE, Ottawa ankle rules, Framingham risk score, QRISK3, Epworth
scale, Beck inventory, Rockall score, Mallampati score, Gleason score
""")
DEPTS = _lines("""
Cardiology, cardiology, Oncology, Neurology, ENT, Orthopaedics, A&E, Emergency Department, ICU,
Radiology, Paediatrics, Urology, dermatology, Gastroenterology, Psychiatry, Maternity,
Ophthalmology, Rheumatology, physiotherapy, Telehealth
""")
ES_SYMPTOMS = _lines("""
dolor abdominal, dolor torácico, fiebre, tos, cefalea, disnea, mareos, náuseas, vómitos, diarrea,
disuria, hematuria, dolor lumbar, pérdida de peso, cansancio, picor, erupción cutánea,
palpitaciones, debilidad, visión borrosa, dolor de cabeza, dolor de garganta, dolor de rodilla,
dolor en fosa ilíaca derecha, estreñimiento, pérdida de apetito, insomnio, ansiedad, ánimo bajo,
hormigueo en las manos, hinchazón de piernas, sangrado vaginal, tos con flemas, escalofríos,
sudores nocturnos, dificultad para tragar, ardor de estómago, dolor al orinar, otalgia, síncope,
disnea de esfuerzo, expectoración, rectorragia, ictericia, edemas, calambres, temblor, acúfenos,
prurito, cervicalgia, lumbalgia, odinofagia, mialgias, astenia, polidipsia
""")
ES_TESTS = _lines("""
ecografía, radiografía de tórax, TC, resonancia magnética, análisis de sangre, cistoscopia,
biopsia, ecografía abdominal, TAC craneal, TAC abdominal, RMN lumbar, electrocardiograma, ECG,
ecocardiograma, colonoscopia, gastroscopia, urocultivo, hemocultivos, mamografía, espirometría,
densitometría, analítica completa, sedimento de orina, ergometría, Holter, punción lumbar,
electromiograma, citología, coprocultivo
""")
ES_DISEASES = _lines("""
neumonía, diabetes mellitus tipo 2, hipertensión arterial, carcinoma vesical, cólico renal, asma,
diabetes tipo 2, EPOC, insuficiencia cardíaca, fibrilación auricular, infección urinaria,
gastroenteritis aguda, apendicitis aguda, colecistitis, pancreatitis aguda, migraña, depresión,
hipotiroidismo, artrosis de rodilla, gota, psoriasis, lumbociática, anemia ferropénica,
insuficiencia renal crónica, ictus isquémico, epilepsia, reflujo gastroesofágico, colelitiasis,
cáncer de mama, cáncer de próstata, adenocarcinoma de colon, trombosis venosa profunda,
tromboembolismo pulmonar, angina inestable, infarto agudo de miocardio, fractura de cadera, otitis
media, bronquiolitis, celulitis, COVID-19, gripe A, tuberculosis, varicela, demencia, sepsis
urinaria
""")
ES_DURATIONS = _lines("""
dos días, 3 meses, una semana, 10 años, varias horas, seis semanas, 48 horas, tres días, un mes,
dos meses, 24 horas, cuatro días, un año, dos años, 2 semanas, quince días, cinco horas, media
hora, unos meses, 72 horas, medio año
""")
DE_SYMPTOMS = _lines("""
Bauchschmerzen, Brustschmerzen, Fieber, Husten, Kopfschmerzen, Atemnot, Schwindel, Übelkeit,
Erbrechen, Durchfall, Rückenschmerzen, Müdigkeit, Juckreiz, Herzrasen, Halsschmerzen,
Gewichtsverlust, Nachtschweiß, Ödeme, Schmerzen im rechten Unterbauch, Knieschmerzen,
Ohrenschmerzen, Verstopfung, Appetitlosigkeit, Schlafstörungen, Angstzustände, Kribbeln in den
Händen, Beinschwellung, Hautausschlag, Schüttelfrost, Schluckbeschwerden, Sodbrennen,
Belastungsdyspnoe, Auswurf, Gelenkschmerzen, Nackenschmerzen, Sehstörungen, Taubheitsgefühl,
Zittern, Ohrensausen, Blut im Stuhl, Dysurie, Schwäche, Nasenbluten, Heiserkeit, Krämpfe
""")
DE_DISEASES = _lines("""
Pneumonie, Diabetes mellitus Typ 2, arterielle Hypertonie, Vorhofflimmern, Asthma, Morbus Crohn,
Gicht, COPD, Herzinsuffizienz, KHK, Harnwegsinfekt, Gastroenteritis, akute Appendizitis,
Cholezystitis, Pankreatitis, Migräne, Depression, Hypothyreose, Gonarthrose, Psoriasis,
Lumboischialgie, Eisenmangelanämie, chronische Niereninsuffizienz, ischämischer Schlaganfall,
Epilepsie, Refluxkrankheit, Cholezystolithiasis, Mammakarzinom, Prostatakarzinom, Kolonkarzinom,
tiefe Beinvenenthrombose, Lungenembolie, NSTEMI, Schenkelhalsfraktur, distale Radiusfraktur,
Otitis media, Erysipel, COVID-19, Influenza A, Tuberkulose, Demenz, Urosepsis, Varizen
""")
DE_DURATIONS = _lines("""
zwei Tagen, 3 Monaten, einer Woche, 10 Jahren, mehreren Stunden, sechs Wochen, drei Tagen, einem
Monat, zwei Monaten, 24 Stunden, vier Tagen, einem Jahr, zwei Jahren, 2 Wochen, 14 Tagen, ein paar
Stunden, einer halben Stunde, einigen Monaten, 72 Stunden
""")
DURATIONS = _lines("""
two days, three weeks, 3 days, 2 weeks, a week, a month, six months, 10 years, a couple of days,
several years, 48 hours, the past few days, about an hour, 4-6 weeks, 2/52, 3/7, 6/12, five
minutes, the last 2 months, one year
""")
MONTHS = _lines("""
January, February, March, April, May, June, July, August, September, October, November, December
""")
ES_MONTHS = _lines("""
enero, febrero, marzo, abril, mayo, junio, julio, agosto, septiembre, octubre, noviembre,
diciembre
""")
DE_MONTHS = _lines("""
Januar, Februar, März, April, Mai, Juni, Juli, August, September, Oktober, November, Dezember
""")
WEEKDAYS = _lines("""
Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday
""")
TLDS = _lines("""
com, com, com, org, net, co.uk, de, es, io, ac.uk, edu, gov, nhs.uk, fr, info, eu
""")
FIELDS = _lines("""
Education, Health, Transport, Agriculture, Fisheries, Justice, Defence, Foreign Affairs, Finance,
Labour, Culture, Energy, Trade, Housing, Science, the Environment, Water, Tourism, Public Works,
Statistics, Consumer Affairs, Sport, Interior, Aviation, Forestry, Nursing, Engineering, Veterans
""")
NOUNS = _lines("""
Lion, Swan, Anchor, Plough, Crown, Oak, Hare, Raven, Heron, Bell, Lantern, Spoon, Kettle, Piano,
Feather, Candle, Ladder, Rocket, Castle, Pebble, Thistle, Owl, Badger, Otter, Tiger, Panther,
Comet, Hound, Shadow, Mirror, Stranger, Garden, Winter, Letter, Window, Clock, Harvest, Island,
Orchard, Pilgrim, Beacon, Saddle, Turtle, Magnet, Violin, Copper, Ember, Frost, Marble, Velvet
""")
RIVERS = _lines("""
the Seine, the Rhine, the Po, the Elbe, the Volga, the Ganges, the Indus, the Mekong, the Amazon,
the Mississippi, the Missouri, the Hudson, the Severn, the Tyne, the Tweed, the Shannon, the Ebro,
the Tiber, the Loire, the Rhône, the Oder, the Vistula, the Zambezi, the Niger, the Congo River,
the Murray, the Yangtze, the Colorado River, the Potomac, the Clyde, River Avon, River Dee
""")
RIVER_FORMS = _lines("""
the River {n}, the {i} River, River {i}, the {i}, {n} Creek, {n} Brook, the {x} Canal, {n} Beck
""")
NATURE = _lines("""
Ben Nevis, Snowdon, Mont Blanc, Kilimanjaro, K2, Mount Fuji, Mount Etna, Vesuvius, the Matterhorn,
the Pyrenees, the Andes, the Himalayas, the Rockies, the Carpathians, the Urals, the Dolomites,
the Black Forest, the Sahara, the Gobi Desert, the Baltic Sea, the Adriatic, the Red Sea, the
Caribbean, the Gulf of Mexico, the English Channel, the Bay of Bengal, Lake Geneva, Lake Como,
Lake Michigan, Loch Ness, Lough Neagh, Yellowstone, Yosemite, the Serengeti, the Isle of Wight,
the Isle of Man, Corsica, Sardinia, Majorca, Tenerife, Bali, Java, Zanzibar, Hokkaido, Luzon,
Cape Cod, the Grand Canyon, Death Valley, the Peak District, the Cotswolds, Dartmoor, Antarctica
""")
NATURE_FORMS = _lines("""
Mount {n}, Lake {i}, Lake {n}, {n} Lake, {x} Valley, {n} Island, Isle of {i}, {x} Bay, {n} Bay,
{n} Forest, {x} Forest, {x} National Park, Cape {n}, {i} Falls, {n} Beach, {x} Beach, the {i}
Desert, Port {n}, {n} Point, {n} Fell, the {i} Mountains, the Sea of {i}, the {x} Peninsula, Gulf
of {x}, Loch {i}, {n} Moor, the {n} Hills
""")
DISTRICT_FORMS = _lines("""
{x} County, County {x}, {n} County, {x} Province, Canton of {x}, {x} Heights, {n} Heights, East
{x}, North {x}, West {x}, South {x}, Old {x}, Upper {x}, Lower {n}, Little {i}, Great {i}, {n}
Park, {n}ville, {n}ton, {n} Hill, {n} Green, {x} Old Town, downtown {x}, {i}-sur-{i}, {i} upon
{n}, St {n}, San {i}, Bad {i}, Santa {i}, El {i}, Nagar {i}, Prefecture of {x}, {i} Oblast
""")
VENUE_FORMS = _lines("""
{x} Central Station, {x} Station, {n} Street Station, {x} Airport, {n} International Airport,
{x} Hauptbahnhof, Gare de {x}, {n} Arena, {x} Stadium, {n} Park Stadium, {x} Museum, Museum of
{x}, {x} Museum of Art, {n} Gallery, St {n}'s Church, Church of St {g}, {x} Cathedral, {x}
Mosque, {x} Synagogue, {i} Temple, {x} Library, {n} Library, {n} Bridge, {x} Bridge, {x} Town
Hall, {x} City Hall, {n} Theatre, {x} Opera House, HMP {x}, {n} Correctional Facility, {n} Hall,
{x} Convention Center, {n} Community Centre, {n} Center, {x} Police Station, {x} Crematorium,
{n} Cemetery, {n} Tower, Palais {n}, Palazzo {n}, {x} Castle, Schloss {i}, {n} Abbey, {x} Zoo,
{w} Mall, {x} Leisure Centre, {n} Manor, {x} Harbour, {n} Farm, Camp {n}, Fort {n}, {n} Building
""")
CLUB_FORMS = _lines("""
{x} FC, FC {x}, {x} United, {x} Rovers, {x} Wanderers, {x} Athletic, {x} Albion, {x} Town, {x}
City, Real {x}, Atlético {x}, Sporting {x}, {x} Tigers, {x} {m}s, the {x} {m}s, the {m}s, Dynamo
{x}, Lokomotiv {i}, SV {x}, SC {i}, AC {x}, {x} RFC, {x} Cricket Club, {x} Rowing Club, {x} Chess
Club, {n} Tennis Club, {x} 04, {x} Harriers, {x} Hockey Club, {x} Bowls Club, TSV {i}, Team {i}
""")
BAND_FORMS = _lines("""
The {m}s, The {w} {m}s, {g} and the {m}s, {g} & The {m}s, {i}, {m} {m}, {w} {m}, The {n} Quartet,
{n} Trio, {x} Philharmonic, {x} Symphony Orchestra, {x} Chamber Choir, The {n} Brothers, {m} Club,
DJ {i}, {x} Brass Band, Los {i}s, Black {m}, {i} Collective, Ensemble {i}
""")
PAPER_FORMS = _lines("""
The {x} Times, the {x} Times, {x} Herald, the {x} Gazette, The {x} Post, the {x} Post, {x}
Chronicle, The {x} Observer, Daily {m}, the {x} Evening News, {x} Tribune, {x} Courier, The Daily
{m}, Radio {x}, {x} FM, {x} TV, {i} News, {x} Today, Le {i}, La {i}, El {i}, Der {i}, {i} Zeitung,
Gazeta {i}, {n} Press, {x} Examiner, Channel {i}
""")
AGENCY_FORMS = _lines("""
Ministry of {f}, Department of {f}, Department for {f}, {x} City Council, {x} Town Council, {x}
Borough Council, {x} County Council, {x} Police, {x} Police Department, {x} Fire Brigade, {x} Fire
Department, {x} Fire and Rescue, {x} County Court, {x} Crown Court, {x} District Court, Supreme
Court of {x}, {x} High Court, Office for {f}, National {f} Agency, Federal {f} Bureau, {x} Chamber
of Commerce, {x} Sheriff's Office, {x} Transit Authority, {x} Port Authority, Institute of {f},
Council for {f}, {n} Commission, {x} Water Board, {x} Planning Committee, {x} Parole Board,
Bundesamt {i}, Prefeitura de {x}
""")
UNI_FORMS = _lines("""
University of {x}, {x} University, {n} University, the University of {x}, Universität {x},
Universidad de {x}, Université de {x}, Università di {x}, {x} Polytechnic, {x} School of
Economics, {n} Business School, {n} Law School, {x} Conservatory, {n} College, {x} Community
College, St {n}'s College, {x} Technical University, TU {x}, {n} Institute, {x} Medical School,
Academy of {f}, {x} Film School, {i} University, {n} Academy, {x} Junior School, {n} Kindergarten
""")
ASSOC_FORMS = _lines("""
{x} Historical Society, Friends of {x}, the {n} Foundation, {n} Trust, {x} Rotary Club, {x} Lions
Club, National Union of {f}, Society of {f}, Royal Society of {f}, {f} for All, {x} Animal
Shelter, {x} Food Bank, {x} Residents' Association, {n} Family Association, {x} Scouts, {x}
Women's Institute, Save {x}, {w} Hope, {i} International, Association of {f}, the {i} Project,
{x} Bar Association, {x} Allotment Society, {x} Mountain Rescue, {n} Fellowship, {i} Relief
""")
BUSINESS_FORMS = _lines("""
Café {n}, Cafe {i}, Chez {g}, The {w} {m}, the {w} {m}, The {m} and {m}, The {m} & {m}, The {m}
Inn, Trattoria {n}, Osteria {i}, {g}'s Diner, {g}'s Place, {n}'s Bakery, {n} & Daughters, {n} and
Son, {n} & Sons, {x} Cycles, {g} & {g}, {n} Motors, {x} Motors, {n}'s Garage, {n} Estates, {n}
Lettings, {x} Plumbing, {n} Roofing, {x} Dental, {n} Books, {x} Books, {i} Sushi, {i} Kebab House,
Taverna {i}, Bar {i}, Brasserie {n}, {x} Brewing Company, {w} Nails, {x} Taxis, {n} Travel, {n}
Solicitors, {n} LLP, {n} & {n} LLP, {i} Vets, {x} Pets, Pizzeria {i}
""")
PARTY_FORMS = _lines("""
{x} People's Party, {w} Party, {i} Party, {x} First, Free {x}, New {w} Movement, Alliance for {x},
{x} National Party, Party of {f}, {x} Workers' Party
""")
ETHNIC = _lines("""
Basque, Catalan, Hispanic, Latino, African American, Asian American, Inuit, Cherokee, Navajo,
Māori, Roma, Romani, Tamil, Pashtun, Berber, Zulu, Xhosa, Yoruba, Igbo, Hausa, Sami, Flemish,
Walloon, Breton, Cornish, Sicilian, Bavarian, Punjabi, Bengali, Uyghur, Tibetan, Han Chinese,
Ashkenazi, Sephardi, Coptic, Druze, Yazidi, Maronite, Afro-Caribbean, European, Asian, African,
Latin American, Scandinavian, Arab, Persian, Hebridean, Californian, Texan, Londoner, Parisian
""")
LEANINGS = _lines("""
socialist, Marxist, communist, conservative, liberal, libertarian, anarchist, social democrat,
Trotskyist, monarchist, republican, nationalist, Zionist, Calvinist, Catholic, agnostic, Taoist,
Baha'i, Hare Krishna, Scientologist, Wiccan, pagan, Confucian, Greek Orthodox, Amish, Mennonite
""")
ES_TOWNS = _lines("""
Madrid, Barcelona, Valencia, Sevilla, Zaragoza, Málaga, Murcia, Palma de Mallorca, Las Palmas de
Gran Canaria, Bilbao, Alicante, Córdoba, Valladolid, Vigo, Gijón, L'Hospitalet de Llobregat, A
Coruña, Vitoria-Gasteiz, Granada, Elche, Oviedo, Badalona, Cartagena, Terrassa, Jerez de la
Frontera, Sabadell, Móstoles, Alcalá de Henares, Pamplona, Fuenlabrada, Almería, Leganés, San
Sebastián, Getafe, Burgos, Santander, Castellón de la Plana, Alcorcón, Albacete, Logroño, Badajoz,
Salamanca, Huelva, Lleida, Marbella, Tarragona, León, Cádiz, Jaén, Ourense, Girona, Lugo, Cáceres,
Santiago de Compostela, Toledo, Pontevedra, Torrevieja, Ponferrada, Guadalajara, Palencia, Ciudad
Real, Talavera de la Reina, Zamora, Ávila, Huesca, Cuenca, Segovia, Soria, Teruel, Mérida, Ronda,
Úbeda, Baza, Motril, Lucena, Calatayud, Aranda de Duero, Mondoñedo, Vilagarcía de Arousa,
Villanueva de la Serena, Navalmoral de la Mata, Cangas de Onís, Sant Cugat del Vallès, Vic, Reus,
Olot, Figueres, Xàtiva, Alcoy, Gandía, Sagunto, Requena, Tomelloso, Hellín, Barbate, Zahara de los
Atunes, Arcos de la Frontera, Priego de Córdoba, Villaviciosa de Odón, El Escorial, Chinchón,
Aranjuez, Miraflores de la Sierra, Durango, Getxo, Irun, Tudela, Estella, Haro, Ciudad de México,
Monterrey, Puebla, Tijuana, Zapopan, Querétaro, Oaxaca de Juárez, Xalapa, Veracruz, Cuernavaca,
Toluca, Morelia, Tlaxcala, Buenos Aires, Rosario, Mar del Plata, La Plata, Mendoza, San Miguel de
Tucumán, Salta, Bahía Blanca, Neuquén, Bariloche, Posadas, Paraná, Lima, Arequipa, Trujillo,
Cusco, Chiclayo, Huancayo, Quito, Guayaquil, Ambato, Loja, La Paz, Santa Cruz de la Sierra,
Cochabamba, Sucre, Caracas, Maracaibo, Barquisimeto, Montevideo, Salto, Paysandú, Asunción, San
José, San Salvador, Tegucigalpa, Managua, Ciudad de Guatemala, La Habana, Santo Domingo, San Pedro
Sula, San Juan de Puerto Rico, Vallecas, Carabanchel, Triana, Lavapiés, Coyoacán, Iztapalapa,
Palermo, Caballito, Miraflores, San Isidro
""")
ES_REGIONS = _lines("""
Andalucía, Aragón, Asturias, Cantabria, Castilla y León, Castilla-La Mancha, Cataluña, Galicia,
Extremadura, la Comunidad Valenciana, la Comunidad de Madrid, Murcia, Navarra, País Vasco, La
Rioja, Canarias, Baleares, Tenerife, Lanzarote, Mallorca, Ibiza, Jalisco, Chiapas, Yucatán, Nuevo
León, Sinaloa, Michoacán, Guerrero, Misiones, Chubut, Santa Fe, Entre Ríos, Patagonia, el Chaco,
la Alpujarra, el Bierzo, la Costa Brava, Sierra Nevada, los Pirineos, la sierra de Gredos
""")
DE_TOWNS = _lines("""
Berlin, Hamburg, München, Köln, Frankfurt am Main, Stuttgart, Düsseldorf, Dortmund, Essen,
Leipzig, Bremen, Dresden, Hannover, Nürnberg, Duisburg, Bochum, Wuppertal, Bielefeld, Bonn,
Münster, Karlsruhe, Mannheim, Augsburg, Wiesbaden, Gelsenkirchen, Mönchengladbach, Braunschweig,
Chemnitz, Kiel, Aachen, Halle (Saale), Magdeburg, Freiburg im Breisgau, Krefeld, Lübeck,
Oberhausen, Erfurt, Mainz, Rostock, Kassel, Hagen, Saarbrücken, Hamm, Potsdam, Ludwigshafen,
Oldenburg, Leverkusen, Osnabrück, Heidelberg, Darmstadt, Regensburg, Paderborn, Ingolstadt,
Würzburg, Wolfsburg, Göttingen, Ulm, Heilbronn, Pforzheim, Offenbach, Bottrop, Trier, Jena,
Erlangen, Bamberg, Bayreuth, Passau, Landshut, Rosenheim, Kempten, Weimar, Görlitz, Cottbus,
Stralsund, Greifswald, Husum, Flensburg, Celle, Goslar, Gifhorn, Peine, Bad Homburg, Bad Tölz,
Garmisch-Partenkirchen, Oberammergau, Murnau, Tuttlingen, Rottweil, Tübingen, Reutlingen,
Schwäbisch Gmünd, Lörrach, Lahr, Emmendingen, Idar-Oberstein, Neuwied, Limburg an der Lahn,
Wetzlar, Gießen, Fulda, Marburg, Bad Hersfeld, Eisenach, Suhl, Plauen, Zwickau, Meißen, Pirna,
Bautzen, Eberswalde, Neuruppin, Stendal, Wernigerode, Quedlinburg, Cuxhaven, Emden, Leer,
Papenburg, Lingen, Rheine, Gütersloh, Soest, Lüdenscheid, Siegen, Iserlohn, Neuss, Kleve, Kerpen,
Wien, Graz, Linz, Salzburg, Innsbruck, Klagenfurt, Villach, Wels, St. Pölten, Dornbirn, Wiener
Neustadt, Steyr, Feldkirch, Bregenz, Leoben, Krems, Amstetten, Kufstein, Zell am See, Bad Ischl,
Eisenstadt, Zürich, Basel, Bern, Lausanne, Winterthur, Luzern, Biel, Thun, Chur, Schaffhausen,
Zug, Aarau, Olten, Solothurn, Frauenfeld, Wetzikon, Uster, Kreuzberg, Neukölln, Schwabing, Altona,
Eimsbüttel, Ehrenfeld, Sachsenhausen, Bockenheim, Favoriten, Floridsdorf, Ottakring
""")
DE_REGIONS = _lines("""
Bayern, Baden-Württemberg, Hessen, Sachsen, Sachsen-Anhalt, Thüringen, Brandenburg, Niedersachsen,
Nordrhein-Westfalen, Rheinland-Pfalz, Saarland, Schleswig-Holstein, Mecklenburg-Vorpommern, Tirol,
Vorarlberg, Kärnten, Steiermark, Oberösterreich, Niederösterreich, Burgenland, Graubünden, Wallis,
Tessin, Kanton Zürich, Kanton Bern, Allgäu, Schwarzwald, Eifel, Sauerland, Ruhrgebiet, Franken,
Oberpfalz, Ostfriesland, Rügen, Sylt, Usedom, Bodensee, Mallorca, Anatolien, Schlesien,
Ostpreußen, Siebenbürgen
""")
ES_STREET_NAMES = _lines("""
Mayor, Real, del Carmen, de la Constitución, San Juan, Santa Ana, Doctor Fleming, Ramón y Cajal,
Cervantes, Goya, Velázquez, de Alcalá, Gran Vía, de las Flores, del Pilar, Nueva, de la Paz, del
Sol, de la Estación, Virgen del Rocío, Reyes Católicos, Juan Carlos I, de Extremadura, del Mar,
Blasco Ibáñez, Federico García Lorca, Isabel la Católica, de los Olivos, de la Fuente, Hernán
Cortés, Colón, Pío XII, San Martín, 25 de Mayo, 2 de Mayo, Insurgentes Sur, Juárez, Benito Juárez,
Corrientes, Rivadavia, Belgrano, Libertador, Miguel Hidalgo, Emiliano Zapata, Simón Bolívar, Los
Álamos, Las Acacias, 9 de Julio, del Puerto, de Aragón, Diagonal, Meridiana, San Vicente Ferrer
""")
DE_STREET_NAMES = _lines("""
Haupt, Bahnhof, Garten, Linden, Schul, Kirch, Berg, Wald, Wiesen, Birken, Mozart, Goethe, Schiller,
Beethoven, Rosen, Ring, Mühlen, Friedrich, Wilhelm, Kaiser, Feld, Tannen, Eichen, Ahorn, Buchen,
Dorf, Markt, Post, Burg, Schloss, Luisen, Bismarck, Jahn, Uhland, Lessing, Heine, Kant, Hölderlin,
Sonnen, Amsel, Drossel, Flur, Hermann, Karl, Sophien, Marien
""")
DE_STREET_ADJECTIVES = _lines("""
Frankfurter, Berliner, Leipziger, Wiener, Bergheimer, Neue, Alte, Lange, Obere, Hohe, Kölner,
Stuttgarter, Münchner, Hannoversche, Sudetendeutsche, Breite
""")
DE_STREET_WHOLES = _lines("""
Am Markt, Am Bahnhof, Am Sportplatz, An der Mühle, Auf der Heide, Im Winkel, Im Grund, Zum
Schützenhaus, Zur Linde, Unter den Linden, Hinter der Kirche, Alter Postweg, Am Alten Friedhof,
Unterer Graben, Straße des Friedens, Platz der Republik, In den Wiesen, Am Rosengarten, Kurze
Gasse, Breiter Weg, Am Steinbruch, Auf dem Berg, Vor dem Tor, Im Wiesengrund, Am Hang
""")
ES_ORG_FORMS = _lines("""
Talleres {n}, Construcciones {n} S.L., Transportes {n}, Supermercados {x}, Ayuntamiento de {x}, Bar
{n}, Panadería {n}, Restaurante Casa {n}, Hermanos {n} S.A., Grupo {n}, {n} y Asociados, Bufete
{n}, Gestoría {n}, Inmobiliaria {x}, Cerámicas {n}, Conservas {x}, Bodegas {n}, Cooperativa {x},
Diputación de {x}, Universidad de {x}, Mercadona, Correos, Renfe, Telefónica, Inditex, Zara, El
Corte Inglés, Iberia, Seat, Repsol, Endesa, Banco Santander, BBVA, CaixaBank, Carrefour, Pemex,
Telmex, Bimbo, Cemex, Oxxo, Aerolíneas Argentinas, YPF, Banco Nación, Banco de la Nación, Metro de
{x}, Puerto de {x}, Cáritas {x}, Cruz Roja, Guardia Civil de {x}, Peluquería {n}, Muebles {n},
Autoescuela {n}, Limpiezas {n} S.L., Frutas {n}, Academia {n}, Club Deportivo {x}
""")
ES_SCHOOL_FORMS = _lines("""
IES {n}, CEIP {n}, Colegio San {n}, Colegio {n}, Instituto {x}, Universidad de {x}, Escuela Infantil
{n}, CEIP Virgen de {x}, Universidad Politécnica de {x}, Colegio Santa {n}, Guardería {n}, Escuela
Primaria {n}, Facultad de Derecho de {x}, Conservatorio de {x}, Secundaria Técnica {x}, Liceo {n},
Universidad Autónoma de {x}
""")
ES_INSURERS = _lines("""
Sanitas, Adeslas, Mapfre, Asisa, DKV, Muface, Isfas, Mutua Madrileña, Fremap, Asepeyo, Mutua
Universal, Ibermutua, Caser, Línea Directa, IMSS, ISSSTE, OSDE, PAMI, Swiss Medical, EsSalud,
Seguro Popular, Allianz Seguros, AXA Seguros, Cigna, Galeno, Medifé
""")
DE_ORG_FORMS = _lines("""
Bäckerei {n}, Autohaus {n}, Metzgerei {n}, {n} GmbH & Co. KG, {n} GmbH, {n} AG, {n} & Söhne,
Spedition {n}, Sparkasse {x}, Volksbank {x}, Stadtwerke {x}, Stadt {x}, Gemeinde {x}, Landratsamt
{x}, Finanzamt {x}, Jobcenter {x}, Gebrüder {n}, Elektro {n}, Malerbetrieb {n}, Tischlerei {n},
Kanzlei {n} und Partner, Hotel {n}, Gasthof {n}, Brauerei {n}, Maschinenbau {n}, Möbel {n}, Bauhof
{x}, Stahlwerk {x}, Gärtnerei {n}, Reinigungsdienst {n}, Jugendamt {x}, Caritas {x}, Diakonie {x},
DRK {x}, TSV {x}, Siemens, Bosch, VW, BMW, Daimler, BASF, Bayer, SAP, Edeka, Rewe, Aldi, Lidl, dm,
Rossmann, Deutsche Bahn, Deutsche Post, DHL, Telekom, Lufthansa, ThyssenKrupp, Continental, ZF,
Audi, Porsche, Miele, Zalando, Commerzbank, Allianz, ÖBB, Spar, Voestalpine, Raiffeisenbank {x},
Migros, Coop, SBB, Swisscom, Nestlé, Roche, Novartis, Bundeswehr, Amazon
""")
DE_SCHOOL_FORMS = _lines("""
{n}-Gymnasium, Grundschule {x}, Realschule {x}, Universität {x}, Hochschule {x}, {n}-Schule,
Gesamtschule {x}, Kita St. {n}, Kindergarten {x}, Berufsschule {x}, TU {x}, Gymnasium {x},
Volksschule {x}, HTL {x}, Kantonsschule {x}, {n}-Realschule, Hauptschule {x}, Musikschule {x}
""")
DE_INSURERS = _lines("""
AOK Bayern, AOK Plus, AOK NordWest, AOK, Barmer, Techniker Krankenkasse, TK, DAK-Gesundheit, IKK
classic, KKH, BKK Mobil Oil, hkk, Knappschaft, Debeka, Allianz Private, DKV, Signal Iduna, HUK
Coburg, ÖGK, BVAEB, SVS, Helsana, CSS, Swica, Concordia, Sanitas, BG Bau, BG Holz und Metall,
Unfallkasse Hessen, Postbeamtenkrankenkasse, Württembergische, Gothaer
""")
DE_NATIONALS = _lines("""
Türke, Türkin, Pole, Polin, Syrer, Syrerin, Rumäne, Rumänin, Italiener, Italienerin, Grieche,
Griechin, Kroate, Kroatin, Russe, Russin, Ukrainer, Ukrainerin, Afghane, Afghanin, Spanier,
Spanierin, Franzose, Französin, Österreicher, Österreicherin, Schweizer, Schweizerin, Bulgare,
Bulgarin, Ungar, Ungarin, Vietnamese, Vietnamesin, Serbe, Serbin, Albaner, Albanerin, Bosnier,
Marokkaner, Tunesierin, Iraker, Iranerin, Eritreer, Somalierin, Nigerianer, Ghanaerin, Inder,
Chinesin, Brasilianer, Portugiese, Tscheche, Slowakin, Niederländer, Engländerin, Amerikaner,
Deutscher, Deutsche, Kurde, Kurdin
""")
DE_NATIONAL_ADJECTIVES = _lines("""
deutsch, türkisch, polnisch, syrisch, rumänisch, italienisch, griechisch, kroatisch, russisch,
ukrainisch, afghanisch, spanisch, französisch, österreichisch, schweizerisch, bulgarisch,
ungarisch, vietnamesisch, serbisch, albanisch, bosnisch, marokkanisch, tunesisch, irakisch,
iranisch, eritreisch, somalisch, nigerianisch, ghanaisch, indisch, chinesisch, brasilianisch,
portugiesisch, tschechisch, niederländisch, britisch, amerikanisch, kosovarisch, georgisch
""")
ES_RELIGIONS = _lines("""
católico, católica, musulmán, musulmana, testigo de Jehová, evangélico, evangélica, judío, judía,
budista, protestante, ortodoxa, cristiano, atea, adventista, mormón, hindú, pentecostal
""")
DE_RELIGIONS = _lines("""
katholisch, römisch-katholisch, evangelisch, evangelisch-lutherisch, muslimisch, jüdisch,
orthodox, russisch-orthodox, buddhistisch, hinduistisch, konfessionslos, alevitisch,
neuapostolisch, Zeuge Jehovas, Zeugin Jehovas, sunnitisch, jesidisch
""")
ES_DRUGS = _lines("""
paracetamol, ibuprofeno, metamizol, Nolotil, Enantyum, dexketoprofeno, amoxicilina,
amoxicilina-clavulánico, Augmentine, azitromicina, ciprofloxacino, fosfomicina, Monurol, enalapril,
losartán, amlodipino, bisoprolol, furosemida, Seguril, espironolactona, simvastatina,
atorvastatina, metformina, insulina glargina, Lantus, sitagliptina, empagliflozina, Jardiance,
Ozempic, omeprazol, pantoprazol, Almax, Primperan, ondansetrón, Sintrom, acenocumarol, apixabán,
Eliquis, rivaroxabán, Adiro, clopidogrel, enoxaparina, Clexane, salbutamol, Ventolin, Symbicort,
prednisona, Urbason, levotiroxina, Eutirox, sertralina, escitalopram, fluoxetina, Orfidal,
lorazepam, Trankimazin, diazepam, Valium, quetiapina, Risperdal, haloperidol, tramadol, Zaldiar,
fentanilo, morfina, gabapentina, pregabalina, Lyrica, levetiracetam, Keppra, Depakine, alopurinol,
colchicina, metotrexato, Humira, tamoxifeno, Dalsy, Apiretal, Flumil, Fortasec, hierro oral, ácido
fólico, vitamina D, Hidroferol, tamsulosina, finasterida, digoxina, amiodarona, Micralax, Voltaren
""")
DE_DRUGS = _lines("""
Paracetamol, Ibuprofen, Metamizol, Novalgin, Novaminsulfon, Diclofenac, Voltaren, ASS 100, Aspirin,
Amoxicillin, Cefuroxim, Ciprofloxacin, Doxycyclin, Clindamycin, Unacid, Piperacillin/Tazobactam,
Ramipril, Candesartan, Valsartan, Amlodipin, Bisoprolol, Metoprolol, Beloc-Zok, Torasemid,
Furosemid, Lasix, HCT, Spironolacton, Simvastatin, Atorvastatin, Metformin, Lantus, NovoRapid,
Actrapid, Januvia, Forxiga, Jardiance, Ozempic, Pantoprazol, Omeprazol, Iberogast, MCP, Vomex,
Marcumar, Falithrom, Eliquis, Xarelto, Lixiana, Plavix, Clexane, Heparin, Salbutamol, Berodual,
Symbicort, Spiriva, Prednisolon, Decortin, L-Thyroxin, Euthyrox, Sertralin, Citalopram,
Mirtazapin, Venlafaxin, Tavor, Lorazepam, Diazepam, Zopiclon, Quetiapin, Seroquel, Risperidon,
Haldol, Melperon, Pipamperon, Tramadol, Tilidin, Valoron, Fentanyl, Morphin, Palexia, Oxycodon,
Gabapentin, Pregabalin, Lyrica, Keppra, Levetiracetam, Madopar, Allopurinol, Colchicum, Methotrexat,
MTX, Humira, Tamoxifen, Nurofen-Saft, Fenistil, Cetirizin, Ferro sanol, Folsäure, Vitamin D,
Dekristol, Tamsulosin, Digitoxin, Amiodaron, Movicol, Laxoberal, Bepanthen, Cortison
""")
ES_DEPTS = _lines("""
Cardiología, Urología, Neurología, Medicina Interna, Urgencias, Traumatología, Ginecología,
Pediatría, Oncología Médica, Radiología, Anestesia, Cirugía General, Otorrinolaringología,
Dermatología, Endocrinología, Digestivo, Neumología, Nefrología, Psiquiatría, Salud Mental,
Reumatología, Hematología, Oftalmología, Rehabilitación, Atención Primaria, Unidad de Cuidados
Intensivos, UCI, UVI, Cuidados Paliativos, Hospital de Día, Farmacia, Admisión, Trabajo Social,
Anatomía Patológica, Medicina Nuclear, Consultas Externas, Quirófano, Paritorio, Neonatología
""")
DE_DEPTS = _lines("""
Kardiologie, Urologie, Neurologie, Innere Medizin, Notaufnahme, Unfallchirurgie, Gynäkologie,
Pädiatrie, Onkologie, Radiologie, Anästhesie, Allgemeinchirurgie, HNO, Dermatologie,
Endokrinologie, Gastroenterologie, Pneumologie, Nephrologie, Psychiatrie, Rheumatologie,
Hämatologie, Augenheilkunde, Geriatrie, Intensivstation, Stroke Unit, Palliativstation, Tagesklinik,
Apotheke, Sozialdienst, Pathologie, Nuklearmedizin, Ambulanz, Kreißsaal, Kinderstation,
Physiotherapie, Ergotherapie, Endoskopie, Wundmanagement, Orthopädie, Chirurgische Ambulanz
""")
ES_EPONYMS = _lines("""
enfermedad de Crohn, enfermedad de Parkinson, enfermedad de Alzheimer, enfermedad de Graves,
enfermedad de Basedow, enfermedad de Addison, síndrome de Cushing, tiroiditis de Hashimoto,
síndrome de Down, síndrome de Turner, síndrome de Marfan, linfoma de Hodgkin, enfermedad de
Kawasaki, fenómeno de Raynaud, síndrome de Sjögren, síndrome de Guillain-Barré, esófago de Barrett,
quiste de Baker, fractura de Colles, enfermedad de Dupuytren, tendón de Aquiles, enfermedad de
Paget, sarcoma de Kaposi, tumor de Wilms, sarcoma de Ewing, divertículo de Meckel, enfermedad de
Peyronie, enfermedad de Ménière, signo de Murphy, signo de Blumberg, signo de Babinski, signo de
Kernig, signo de Brudzinski, maniobra de Lasègue, maniobra de Valsalva, test de Tinel, prueba de
Phalen, prueba de Rinne, prueba de Weber, signo de Romberg, parálisis de Bell, síndrome de Horner,
síndrome de Stevens-Johnson, púrpura de Schönlein-Henoch, enfermedad de Behçet, arteritis de
Takayasu, síndrome de Lynch, síndrome de Brugada, enfermedad de Wilson, síndrome de Gilbert,
neuroma de Morton, enfermedad de Chagas, signo de Rovsing, maniobra de Giordano, puñopercusión de
Murphy, mal de Pott, síndrome de Tietze, virus de Epstein-Barr, catéter de Swan-Ganz, sonda de Foley
""")
DE_EPONYMS = _lines("""
Morbus Crohn, M. Crohn, Morbus Parkinson, M. Parkinson, Morbus Basedow, Morbus Bechterew, Morbus
Alzheimer, Morbus Wilson, Morbus Hodgkin, Morbus Menière, Morbus Addison, Morbus Paget, Morbus
Dupuytren, Morbus Scheuermann, Morbus Perthes, Morbus Osler, Morbus Whipple, Morbus Fabry,
Hashimoto-Thyreoiditis, Cushing-Syndrom, Down-Syndrom, Turner-Syndrom, Marfan-Syndrom,
Sjögren-Syndrom, Guillain-Barré-Syndrom, Tourette-Syndrom, Raynaud-Syndrom, Kawasaki-Syndrom,
Barrett-Ösophagus, Baker-Zyste, Colles-Fraktur, Achillessehne, Ewing-Sarkom, Wilms-Tumor,
Meckel-Divertikel, Murphy-Zeichen, Lasègue-Zeichen, Babinski-Zeichen, Kernig-Zeichen,
Brudzinski-Zeichen, Romberg-Versuch, Rinne-Test, Weber-Test, Phalen-Test, Hoffmann-Tinel-Zeichen,
Bell-Parese, Horner-Syndrom, Stevens-Johnson-Syndrom, Purpura Schönlein-Henoch, Behçet-Krankheit,
Takayasu-Arteriitis, Lynch-Syndrom, Brugada-Syndrom, Gilbert-Meulengracht-Syndrom, Morton-Neurom,
Heberden-Arthrose, Trendelenburg-Zeichen, Kocher-Schnitt, Hirschsprung-Krankheit, Kaposi-Sarkom,
Epstein-Barr-Virus, Cheyne-Stokes-Atmung, Korsakow-Syndrom, Wernicke-Enzephalopathie,
Redon-Drainage, Billroth-II-Operation, Foley-Katheter, Lewy-Körperchen-Demenz, Tiffeneau-Index
""")
ES_SCORES = _lines("""
escala de Glasgow, índice de Barthel, test de Pfeiffer, escala de Norton, escala EVA, Mini-Mental,
CHA2DS2-VASc, HAS-BLED, escala de Wells, CURB-65, test de Apgar, escala de Braden, clasificación de
Child-Pugh, escala NIHSS, NYHA II, ECOG 1, escala de Rankin, test de Zung, cuestionario AUDIT,
criterios de Centor, escala de Goldberg, escala de Yesavage
""")
DE_SCORES = _lines("""
Barthel-Index, Glasgow Coma Scale, GCS 15, MMST, DemTect, Wells-Score, CHA2DS2-VASc-Score,
HAS-BLED, CRB-65, Apgar 9/10/10, Child-Pugh A, NIHSS, NYHA II, ECOG 1, Norton-Skala, Braden-Skala,
NRS 4/10, VAS 6, Beck-Depressions-Inventar, Hamilton-Skala, Uhrentest, Tinetti-Test, Gleason 7a,
ASA II, Mallampati II, Centor-Score, SOFA-Score, Rankin-Skala, Epworth-Skala
""")
ES_DOSES = (
    "1 g cada 8 horas", "500 mg/12 h", "20 mg al día", "1-0-1", "1 comprimido cada 24 horas",
    "40 mg sc al día", "600 mg cada 8 h si dolor", "2 inhalaciones cada 6 horas",
    "10 mg por la noche",
    "0-0-1", "5 ml cada 8 horas", "75 mcg en ayunas", "media pastilla", "1 cp c/12h", "2,5 mg vo",
    "100 UI", "1 amp im", "0,5 mg/kg", "850 mg en la comida", "1 sobre tras las comidas",
)  # fmt: skip
DE_DOSES = (
    "1-0-1", "1-0-0", "0-0-1", "1-1-1", "500 mg 1-0-1", "40 mg 1-0-0", "5 mg morgens",
    "1 g i.v.", "20 Tropfen bei Bedarf", "75 µg nüchtern", "2 Hübe bei Bedarf", "100 mg abends",
    "0,4 ml s.c.", "4 x 500 mg", "1 Tablette täglich", "12 IE zur Nacht", "1/2-0-0",
    "30 mg p.o.", "10 mg/kg KG", "alle 8 Stunden 600 mg",
)  # fmt: skip
ES_LABS = (
    "hemoglobina 13,2 g/dl", "leucocitos 7.800", "plaquetas 210.000", "creatinina 1,1 mg/dl",
    "glucosa 98 mg/dl", "PCR 12 mg/l", "HbA1c 7,2 %", "Na 138", "K 4,1 mEq/l", "TSH 3,4",
    "troponina negativa", "INR 2,4", "GOT 35", "GPT 41 U/l", "bilirrubina 0,8", "ferritina 9",
    "PSA 1,16 ng/ml", "dímero D 450", "LDL 130", "filtrado glomerular 62", "VSG 40", "urea 45",
    "ácido úrico 7,1", "lactato 1,8", "Hb 9,8", "TA 130/80", "FC 76 lpm", "SatO2 97 %",
    "Tª 37,8 ºC", "peso 72 kg", "IMC 28,4",
)  # fmt: skip
DE_LABS = (
    "Hb 13,2 g/dl", "Leukozyten 7,8/nl", "Thrombozyten 210/nl", "Kreatinin 1,1 mg/dl",
    "CRP 12 mg/l", "HbA1c 7,2 %", "Natrium 138 mmol/l", "Kalium 4,1 mmol/l", "TSH 3,4 mU/l",
    "Troponin negativ", "INR 2,4", "GOT 35 U/l", "GPT 41 U/l", "Bilirubin 0,8", "Ferritin 9 ng/ml",
    "PSA 1,16 ng/ml", "D-Dimere 450", "LDL 130 mg/dl", "GFR 62 ml/min", "BSG 40", "Harnstoff 45",
    "Quick 85 %", "Laktat 1,8", "RR 130/80 mmHg", "HF 76/min", "SpO2 97 %", "Temp. 37,8 °C",
    "BZ 142 mg/dl", "Gewicht 72 kg", "BMI 28,4 kg/m²", "AF 16/min", "EF 55 %",
)  # fmt: skip
ICD_CODES = _lines("""
I10, I10.90, E11.9, J18.9, J45.9, I48.0, I50.1, N39.0, K21.0, K35.8, M54.5, M54.16, F32.1, F41.1,
G43.9, G20, K50.9, C50.9, C61, S72.0, S52.5, R07.4, R10.4, R51, Z95.1, B34.9, A09.9, U07.1, E78.0,
H40.1, L40.0, N18.3
""")
ES_ROLES = _lines("""
la enfermera, el médico de cabecera, la médica de guardia, el residente, la trabajadora social, el
fisioterapeuta, la auxiliar, el cirujano, la matrona, el pediatra, la anestesista, el celador, la
psicóloga, el farmacéutico, la cuidadora, el especialista, la urgencióloga, el radiólogo
""")
DE_ROLES = _lines("""
der Hausarzt, die Hausärztin, die Stationsärztin, der Oberarzt, die Pflegekraft, der Pfleger, die
Nachtschwester, der Sozialdienst, die Physiotherapeutin, der Chirurg, die Hebamme, der Kinderarzt,
die Anästhesistin, der Chefarzt, die Psychologin, der Apotheker, die Betreuerin, der Facharzt, der
Rettungsdienst, der Notarzt, die Arzthelferin, die MFA
""")
ES_KIN = _lines("""
hija, hijo, madre, padre, hermana, hermano, esposa, esposo, mujer, marido, abuela, abuelo, tía,
tío, nieta, nieto, sobrina, prima, cuñado, nuera, suegra, pareja, vecina, vecino, cuidadora, tutora
""")
ES_RELATIVE_TIMES = _lines("""
ayer, anteayer, hace dos días, hace una semana, esta mañana, anoche, la semana pasada, hace tres
meses, hoy, hace un rato, el año pasado, hace 20 minutos
""")
DE_RELATIVE_TIMES = _lines("""
gestern, vorgestern, vor zwei Tagen, vor einer Woche, seit einem Monat, heute Morgen, letzte
Nacht, letzte Woche, vor drei Monaten, heute, vorhin, seit gestern Abend, letztes Jahr, vor 20
Minuten, am Wochenende
""")
DE_TESTS = _lines("""
Röntgen-Thorax, CT Abdomen, MRT Schädel, Sonographie, EKG, Langzeit-EKG, Echokardiographie,
Koloskopie, Gastroskopie, Blutabnahme, Urinstatus, Biopsie, Lungenfunktion, Mammographie,
Belastungs-EKG, Lumbalpunktion, EEG, Zystoskopie, Abstrich, Koronarangiographie, Herzkatheter,
Schlaflabor, Allergietest, Punktion, Duplexsonographie, Knochendichtemessung
""")
