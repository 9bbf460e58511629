"""Invented people for the demo; domains under .example reach nobody (RFC 2606), and no telephone rings.

The numbers are those that the United States, Canada, Great Britain, Germany and France keep for films; no Indian
one begins with a 1.
"""

from datetime import date, timedelta
from typing import NamedTuple

from backhaul.domain.directory import Details, EmployeeStatus, LocationType, PostalAddress
from backhaul.kernel.addresses import Address

OFFICE = Address(
    name="Maas Biolabs",
    attention="Human Resources",
    line_1="555 Nondescript Road",
    city="Maricopa",
    state_code="AZ",
    postal_code="85139",
    country_code="US",
    notification_emails=("it@demo.example",),
)

HEADQUARTERS, WAREHOUSE = "Maricopa Headquarters", "Reno Warehouse"
# What a row's site stands for: where somebody works, and what kind of place that is.
SITES = {
    "home": ("Remote", LocationType.REMOTE_EMPLOYEE),
    "hq": (HEADQUARTERS, LocationType.CORPORATE_OFFICE),
    "stock": (WAREHOUSE, LocationType.WAREHOUSE),
    "london": ("London Office", LocationType.CORPORATE_OFFICE),
    "berlin": ("Berlin Laboratory", LocationType.CORPORATE_OFFICE),
    "lyon": ("Lyon Office", LocationType.CORPORATE_OFFICE),
    "bengaluru": ("Bengaluru Development Centre", LocationType.CORPORATE_OFFICE),
    "toronto": ("Toronto Store", LocationType.RETAIL_STORE),
}
PHONES = {"US": "20255501{:02}", "CA": "41655501{:02}", "GB": "77009001{:02}", "DE": "3023125{:03}",
          "FR": "1990012{:02}", "IN": "10000012{:02}"}  # fmt: skip

# Name, department, site, street, city, state or province, postal code. The first of a department leads it.
_ROWS = {
    "US": """
Christopher Mitchell | Engineering | home | 404 Hidden Spring Lane | Pittsburgh | PA | 15238
Amara Okafor | Research | home | 12 Juniper Court | Austin | TX | 78704
Diego Fuentes | Sales | home | 881 Mesa Drive | Denver | CO | 80203
Priya Raman | Engineering | home | 33 Lakeview Terrace | Seattle | WA | 98103
Owen Clarke | Finance | home | 7 Old Mill Road | Burlington | VT | 05401
Mei Tanaka | Research | home | 1450 Sunset Way | San Diego | CA | 92103
Lucas Meyer | Operations | home | 260 Elm Street | Columbus | OH | 43201
Zoe Laurent | Sales | home | 19 Magnolia Avenue | Savannah | GA | 31401
Samuel Brandt | Engineering | home | 602 Harbor Street | Portland | ME | 04101
Fatima Noor | Legal | home | 88 Prairie Lane | Omaha | NE | 68102
Jonah Reed | Sales | home | 5 Birch Hollow | Asheville | NC | 28801
Ines Carvalho | Research | home | 230 Cannery Row | Monterey | CA | 93940
Noah Lindqvist | Engineering | home | 41 Fjord Street | Duluth | MN | 55802
Grace Adeyemi | People | home | 976 Peachtree Walk | Atlanta | GA | 30309
Hugo Petit | Operations | home | 14 Canal Street | New Orleans | LA | 70130
Ruth Feldman | Finance | home | 350 Commonwealth Avenue | Boston | MA | 02115
Naomi Whitfield | People | hq | 18 Saguaro Bend | Maricopa | AZ | 85139
Caleb Begay | Operations | hq | 702 Ocotillo Trail | Maricopa | AZ | 85139
Teresa Villanueva | Finance | hq | 45 Copper Wren Street | Chandler | AZ | 85224
Darius Coleman | Engineering | hq | 1209 Palo Verde Circle | Tempe | AZ | 85281
Hanna Kowalski | Legal | hq | 31 Desert Willow Road | Phoenix | AZ | 85004
Marcus Tran | Operations | stock | 2200 Sagebrush Loop | Reno | NV | 89502
Bianca Rossi | Operations | stock | 64 Truckee Bend | Sparks | NV | 89431
Elliot Frost | Sales | hq | 9 Quail Run | Casa Grande | AZ | 85122
""",
    "GB": """
Imogen Hartley | Sales | london | 14 Lantern Yard | London | | E1 6AN
Rupert Osei | Engineering | london | 3 Tallow Lane | London | | SE1 9SG
Saoirse Brennan | Legal | london | 27 Pewter Street | London | | N1 9GU
Callum Fraser | Engineering | home | 8 Heather Brae | Edinburgh | | EH8 9YL
Nia Prosser | Research | home | 51 Slate Terrace | Cardiff | | CF10 1BH
Tom Ashworth | Finance | london | 112 Weaver Row | London | | EC1A 1BB
Zara Malik | People | london | 6 Copperfield Mews | London | | W1U 3BW
Edith Langley | Sales | home | 19 Orchard Rise | Bristol | | BS1 4ST
Femi Adebayo | Engineering | home | 73 Canalside | Manchester | | M1 1AE
Rowan Pike | Research | home | 2 Mill Staithe | Norwich | | NR2 1TF
""",
    "DE": """
Annika Vogt | Research | berlin | Laternenweg 12 | Berlin | | 10115
Jonas Reinhardt | Engineering | berlin | Kupferstieg 4 | Berlin | | 10437
Leyla Demir | Research | berlin | Am Alten Speicher 31 | Berlin | | 12043
Matthias Kroll | Engineering | home | Lindenhof 7 | Hamburg | | 20095
Svenja Albrecht | Sales | home | Mühlenpfad 22 | München | | 80331
Tobias Wendt | Operations | berlin | Ziegelhof 9 | Berlin | | 13347
Clara Hoffmann | Finance | home | Rosenwinkel 15 | Köln | | 50667
Emre Yildiz | Engineering | berlin | Nordsternstraße 58 | Berlin | | 10827
""",
    "FR": """
Camille Moreau | Sales | lyon | 11 rue des Tisserands | Lyon | | 69002
Bastien Leroy | Engineering | lyon | 4 impasse du Cerisier | Lyon | | 69007
Manon Girard | Research | home | 27 chemin des Alouettes | Toulouse | | 31000
Théo Marchand | Engineering | home | 90 quai de la Lanterne | Nantes | | 44000
Aïcha Benali | People | lyon | 6 place du Vieux Puits | Lyon | | 69003
Gaspard Roux | Legal | home | 15 rue du Moulin Neuf | Lille | | 59000
""",
    "IN": """
Ananya Iyer | Engineering | bengaluru | 24 Lotus Pond Road | Bengaluru | Karnataka | 560001
Rohan Deshpande | Engineering | bengaluru | 7 Silver Oak Layout | Bengaluru | Karnataka | 560038
Kavya Menon | Research | bengaluru | 112 Jacaranda Cross | Bengaluru | Karnataka | 560095
Arjun Khanna | Sales | home | 45 Peepal Enclave | New Delhi | Delhi | 110001
Meera Pillai | Engineering | bengaluru | 3 Temple Tank Street | Bengaluru | Karnataka | 560004
Vikram Sethi | Operations | home | 88 Banyan Gardens | Mumbai | Maharashtra | 400001
Divya Raghunathan | Finance | home | 19 Sea Breeze Avenue | Chennai | Tamil Nadu | 600001
""",
    "CA": """
Liam Thibodeau | Sales | toronto | 240 Maple Lantern Street | Toronto | ON | M5V 2T6
Chloe Nakamura | Sales | toronto | 17 Harbourfront Row | Toronto | ON | M4C 1B5
Isaac Beaulieu | Engineering | home | 56 rue des Bouleaux | Montréal | QC | H2X 1Y4
Harper Singh | Operations | toronto | 8 Distillery Court | Toronto | ON | M5A 3C4
Maeve Donnelly | Research | home | 301 Cedar Inlet Drive | Vancouver | BC | V6B 1A1
""",
}
_AWAY = {22: EmployeeStatus.ON_LEAVE, 33: EmployeeStatus.ON_LEAVE, 47: EmployeeStatus.INACTIVE}
_FIRST_DAY = date(2017, 3, 6)


class _Row(NamedTuple):
    country: str
    name: str
    department: str
    site: str
    line_1: str
    city: str
    state: str
    postal_code: str


def _email(name: str) -> str:
    return f"{name.lower().translate(_PLAIN).replace(' ', '.')}@people.demo.example"


_PLAIN = str.maketrans("éï", "ei")


def _person(number: int, row: _Row, head: str) -> Details:
    first_name, last_name = row.name.split(maxsplit=1)
    location_name, location_type = SITES[row.site]
    return Details(
        first_name=first_name,
        last_name=last_name,
        email=_email(row.name),
        phone=PHONES[row.country].format(number),
        phone_country=row.country,
        location_name=location_name,
        location_type=location_type,
        address=PostalAddress(
            line_1=row.line_1,
            city=row.city,
            state=row.state or None,
            postal_code=row.postal_code,
            country_code=row.country,
        ),
        department_name=row.department,
        manager_email=None if head == row.name else _email(head),
        status=_AWAY.get(number, EmployeeStatus.ACTIVE),
        starts_on=_FIRST_DAY + timedelta(days=43 * number % 2800),
    )


def _people() -> list[Details]:
    rows = [
        _Row(country, *(cell.strip() for cell in line.split("|")))
        for country, lines in _ROWS.items()
        for line in lines.strip().splitlines()
    ]
    heads: dict[str, str] = {}
    for row in rows:
        heads.setdefault(row.department, row.name)
    return [_person(number, row, heads[row.department]) for number, row in enumerate(rows)]


PEOPLE = _people()


def home_of(person: int) -> Address:
    """Return where a parcel reaches somebody, and the mail address that says who it is."""
    found = PEOPLE[person]
    return Address(
        name=f"{found.first_name} {found.last_name}",
        line_1=found.address.line_1,
        city=found.address.city,
        state_code=found.address.state,
        postal_code=found.address.postal_code,
        country_code=found.address.country_code,
        notification_emails=(found.email,),
    )
