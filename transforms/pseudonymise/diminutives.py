"""Short forms of given names: Liz and Elizabeth are one.

The usual ones of English, German and Spanish stand here, since they are written as well as read;
what else may be an English one is read from ``nicknames``, and counts where a record has both.
"""

from __future__ import annotations

from functools import lru_cache

from nicknames import NickNamer

from .lexicon import fold

# A name, and its short forms: the most usual first. A short form of several belongs to the first.
_USUAL = {
    "English": """
        Elizabeth Liz Beth Lizzie Betty Liza, Margaret Maggie Meg Peggy Marge, Katherine Kate
        Kathy Katie, Catherine Cathy Cath, Susan Sue Susie, Jennifer Jenny Jen, Rebecca Becky
        Becca, Jessica Jess Jessie, Victoria Vicky Vic, Deborah Debbie Deb, Patricia Pat Patty
        Trish, Pamela Pam, Barbara Barb Babs, Christine Chris Chrissie, Samantha Sam, Alexandra
        Alex Sandra, Abigail Abby, Amanda Mandy, Angela Angie, Cynthia Cindy, Dorothy Dot
        Dottie, Eleanor Ellie Nell, Florence Flo Florrie, Frances Fran Frankie, Gabrielle Gaby,
        Gwendoline Gwen, Jacqueline Jackie, Josephine Josie, Judith Judy, Kimberly Kim, Louise
        Lou, Madeleine Maddy, Matilda Tilly, Millicent Millie, Natalie Nat, Olivia Liv Livvy,
        Penelope Penny, Philippa Pippa, Rosemary Rosie, Sarah Sally, Stephanie Steph, Theresa
        Tess Terry, Valerie Val, Winifred Winnie, Charlotte Lottie, Isabella Bella Izzy,
        Caroline Carrie Caz, Michelle Shell, Robert Bob Rob Bobby Robbie, William Bill Will
        Billy Willie, James Jim Jimmy Jamie, John Jack Johnny, Richard Dick Rick Richie, Thomas
        Tom Tommy, Michael Mike Mick Mickey, Edward Ed Eddie Ted Ned, Charles Charlie Chuck,
        Joseph Joe Joey, Daniel Dan Danny, David Dave Davey, Andrew Andy Drew, Anthony Tony,
        Benjamin Ben Benny, Christopher Kit Topher, Matthew Matt, Nicholas Nick Nicky, Samuel
        Sammy, Stephen Steve Stevie, Alexander Sandy Alec, Alfred Alf Alfie, Albert Bert Bertie,
        Arthur Art, Bernard Bernie, Bradley Brad, Clifford Cliff, Donald Don Donnie, Douglas
        Doug, Frederick Fred Freddie, Geoffrey Geoff, Gerald Gerry, Gregory Greg, Harold Hal,
        Henry Harry Hank, Jeffrey Jeff, Jonathan Jon, Joshua Josh, Kenneth Ken Kenny, Lawrence
        Larry, Leonard Len Lenny, Nathan Nate, Oliver Ollie, Peter Pete, Philip Phil, Raymond
        Ray, Ronald Ron Ronnie, Russell Russ, Sidney Sid, Stanley Stan, Terence Tel, Theodore
        Theo, Timothy Tim, Vincent Vince, Walter Walt Wally, Zachary Zach, Patrick Paddy, Vernon
        Vern, Victor Vick, Cameron Cam, Francis Frank, Gordon Gord, Edmund Eddy
    """,
    "German": """
        Elisabeth Lisa Elli Sissi Lisbeth, Katharina Kathi Kati Käthe, Margarete Grete Gretel,
        Johanna Hanna Hanni, Susanne Susi Sanne, Gabriele Gabi, Ursula Uschi Ulla, Monika Moni,
        Stefanie Steffi, Barbara Babsi Bärbel, Christine Chris Tine, Brigitte Gitte Gitti,
        Angelika Geli, Andrea Andi, Franziska Franzi Sissy, Theresa Resi, Magdalena Leni Lena,
        Veronika Vroni, Ulrike Uli Rike, Friederike Fritzi, Heidemarie Heidi, Renate Reni,
        Sabine Bine, Nicole Nicki, Alexandra Alex Sandra, Charlotte Lotte Lotti, Wilhelmine Mina
        Minna, Rosemarie Rosi, Annemarie Anne, Cornelia Conny, Manuela Manu, Martina Tina, Petra
        Petzi, Kornelia Nele, Hildegard Hilde, Gertrud Trude, Mathilde Tilde, Adelheid Heidi,
        Eleonore Lore, Josefine Fini, Johannes Hannes Hans Jo, Nikolaus Klaus Niko, Heinrich
        Heinz Heini, Friedrich Fritz Friedl, Josef Sepp Jupp, Sebastian Basti Wastl, Maximilian
        Max Maxi, Alexander Xander, Andreas Andy, Michael Michi Michel, Thomas Tom Tommi, Stefan
        Steff, Florian Flo, Matthias Hias Matze, Christian Krischan, Christoph Stoffel, Wolfgang
        Wolfi Wolf, Manfred Manni, Rudolf Rudi, Wilhelm Willi Willy, Eduard Edi, Ludwig Lutz,
        Jakob Jockel, Anton Toni, Georg Schorsch, Benjamin Ben Benni, Daniel Dani, Tobias Tobi,
        Philipp Lipp, Joachim Jochen Achim, Hartmut Hardy, Siegfried Siggi, Gerhard Gerd Gerdi,
        Bernhard Bernd, Eberhard Ebi, Reinhard Reini, Dieter Didi, Ulrich Ulli Utz, Leopold
        Poldi, Ferdinand Ferdi, Valentin Vali, Dominik Domi, Robert Robbi, Karl Kalle, Günther
        Günni, Herbert Herbi, Jürgen Jürg, Kaspar Kasperl
    """,
    "Spanish": """
        María Mari Maruja, Dolores Lola Loli, Concepción Concha Conchi Conchita, Pilar Pili,
        Isabel Isa Chabela, Mercedes Merche Meche, Rosario Charo, Teresa Tere Teresita,
        Francisca Paca Paqui, Josefa Pepa Pepi, Carmen Carmina Menchu, Beatriz Bea, Cristina
        Cris Tina, Patricia Patri, Encarnación Encarni, Trinidad Trini, Consuelo Chelo, Remedios
        Reme, Inmaculada Inma, Asunción Asun, Milagros Mila, Montserrat Montse, Margarita Marga
        Márgara, Manuela Manoli, Antonia Toñi, Elena Nena, Guadalupe Lupe, Yolanda Yoli, Susana
        Susi, Silvia Silvi, Soledad Sole, Magdalena Magda, Leticia Leti, Alejandra Ale, Gabriela
        Gabi, Victoria Vicky, Natividad Nati, Ascensión Chon, Rafaela Rafi, Nieves Nievitas, Ana
        Anita, José Pepe Pepito, Francisco Paco Pancho Curro Paquito, Ignacio Nacho, Manuel
        Manolo Manu Lolo, Antonio Toño Antoñito, Enrique Quique Kike, Jesús Chus Suso, Rafael
        Rafa, Javier Javi, Santiago Santi, Federico Fede, Eduardo Edu Lalo, Daniel Dani,
        Fernando Nando Fer, Alejandro Jandro, Guillermo Guille Memo, Roberto Rober Beto, Alberto
        Berto Tito, Joaquín Quino Chimo, Gonzalo Gonza, Gregorio Goyo, Salvador Salva, Sebastián
        Sebas, Vicente Chente, Miguel Miguelito, Luis Lucho Luisito, Juan Juanito Juancho, Pedro
        Pedrito Perico, Carlos Carlitos Charly, Ramón Moncho, Andrés Andresito, Diego Dieguito,
        Leonardo Leo, Nicolás Nico, Cristóbal Tobal, Tomás Tomasito, Ricardo Richi, Sergio
        Checo, Jorge Jorgito, Agustín Agus, Gerardo Gera, Bartolomé Tolo, Rodrigo Rodri, Álvaro
        Alvarito, Domingo Mingo, Lorenzo Loren
    """,
}


@lru_cache(maxsize=4_096)
def shorts(folded: str, culture: str) -> tuple[str, ...]:
    """The short forms of a folded given name in a culture, as they are written: the usual ones,
    else those that begin as the name does."""
    usual = _tables(culture)[0].get(folded, ())
    if usual or culture != "English":
        return usual
    others = sorted(_nicknames().nicknames_of(folded))
    return tuple(n.title() for n in others if n[:3] == folded[:3] and len(n) <= len(folded))


def formal(folded: str, culture: str) -> str | None:
    """The folded given name of which a folded token is usually the short form."""
    return _tables(culture)[1].get(folded)


@lru_cache(maxsize=4_096)
def formals(folded: str, culture: str) -> frozenset[str]:
    """All folded given names of which a token may be a short form."""
    usual = _long_of(culture).get(folded, set())
    more = _nicknames().canonicals_of(folded) if culture == "English" else set()
    return frozenset(usual | {fold(name) for name in more})


@lru_cache(maxsize=64)
def _tables(culture: str) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    rows = [row.split() for row in _USUAL.get(culture, "").split(",")]
    forms = {fold(name): tuple(short) for name, *short in filter(None, rows)}
    back: dict[str, str] = {}
    for name, short in forms.items():
        for form in short:
            back.setdefault(fold(form), name)
    # Who is called by a name that has short forms of its own (Sandra) is not short for another.
    return forms, {form: name for form, name in back.items() if form not in forms}


@lru_cache(maxsize=64)
def _long_of(culture: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, short in _tables(culture)[0].items():
        for form in short:
            found.setdefault(fold(form), set()).add(name)
    return found


@lru_cache(maxsize=1)
def _nicknames() -> NickNamer:
    return NickNamer()
