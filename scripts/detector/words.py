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
orthopaedic surgeon, anaesthetist, dietitian, biomedical scientist
""")
ES_JOBS = _lines("""
camarero, camarera, albañil, fontanero, electricista, profesora, profesor de instituto, maestra,
abogado, abogada, ingeniero, conductor de autobús, taxista, camionero, minero jubilado,
agricultor, ganadero, pescador, cocinero, panadera, carnicero, peluquera, administrativa,
contable, dependienta, enfermera, militar, policía local, bombero, jardinero, limpiadora,
cuidadora, soldador, pintor, arquitecta, informático, periodista, músico, estudiante, ama de casa,
funcionaria, mecánico, carpintero, costurera
""")
DE_JOBS = _lines("""
Busfahrer, Lehrerin, Grundschullehrer, Bäcker, Metzger, Elektriker, Schlosser, Maurer, Dachdecker,
Tischler, Ingenieurin, Softwareentwickler, Buchhalterin, Rechtsanwalt, Friseurin, Koch, Kellnerin,
Landwirt, Polizist, Feuerwehrmann, Soldat, Pilotin, Verkäuferin, Sekretärin, Hausmeister, Gärtner,
Erzieherin, Altenpflegerin, Krankenpfleger, Apotheker, Architektin, Journalist, Musiker, Student,
Postbote, Lagerarbeiter, Kraftfahrer, Schweißer, Maler, Bankkauffrau, Kaufmann, Hausfrau, Rentner
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
ucraniana, senegalés, chino
""")
DE_NATIONALITIES = _lines("""
türkische, polnische, syrische, rumänische, italienische, griechische, kroatische, russische,
ukrainische, afghanische, spanische, französische, österreichische, bulgarische, ungarische,
vietnamesische
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
de {x}, Clínica {x}
""")
DE_FACILITY_FORMS = _lines("""
Universitätsklinikum {x}, Klinikum {x}, St. {n}-Krankenhaus, Krankenhaus {x}, Praxis Dr. {n},
{n}-Klinik, Städtisches Klinikum {x}, Gemeinschaftspraxis {n}, MVZ {x}, Reha-Klinik {x}, Charité,
Kreiskrankenhaus {x}
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
palpitaciones, debilidad, visión borrosa
""")
ES_TESTS = _lines("""
ecografía, radiografía de tórax, TC, resonancia magnética, análisis de sangre, cistoscopia,
biopsia
""")
ES_DISEASES = _lines("""
neumonía, diabetes mellitus tipo 2, hipertensión arterial, carcinoma vesical, cólico renal, asma
""")
ES_DURATIONS = _lines("""
dos días, 3 meses, una semana, 10 años, varias horas, seis semanas, 48 horas
""")
DE_SYMPTOMS = _lines("""
Bauchschmerzen, Brustschmerzen, Fieber, Husten, Kopfschmerzen, Atemnot, Schwindel, Übelkeit,
Erbrechen, Durchfall, Rückenschmerzen, Müdigkeit, Juckreiz, Herzrasen, Halsschmerzen,
Gewichtsverlust, Nachtschweiß, Ödeme
""")
DE_DISEASES = _lines("""
Pneumonie, Diabetes mellitus Typ 2, arterielle Hypertonie, Vorhofflimmern, Asthma, Morbus Crohn,
Gicht
""")
DE_DURATIONS = _lines("""
zwei Tagen, 3 Monaten, einer Woche, 10 Jahren, mehreren Stunden, sechs Wochen
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
