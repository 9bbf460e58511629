"""Invented people for the demo; domains under .example reach nobody (RFC 2606)."""

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

# Name, street, city, state, postal code, make, model, serial number.
_ROWS = """
Christopher Mitchell | 404 Hidden Spring Lane | Pittsburgh | PA | 15238 | Apple | MacBook Pro 14 | SIMC02X1A
Amara Okafor | 12 Juniper Court | Austin | TX | 78704 | Lenovo | ThinkPad X1 | SIMPF3K7Q
Diego Fuentes | 881 Mesa Drive | Denver | CO | 80203 | Dell | XPS 13 | SIM7HXJ2
Priya Raman | 33 Lakeview Terrace | Seattle | WA | 98103 | Apple | MacBook Air | SIMC02X2B
Owen Clarke | 7 Old Mill Road | Burlington | VT | 05401 | Lenovo | ThinkPad T14 | SIMPF3K8R
Mei Tanaka | 1450 Sunset Way | San Diego | CA | 92103 | Apple | MacBook Pro 16 | SIMC02X3C
Lucas Meyer | 260 Elm Street | Columbus | OH | 43201 | HP | EliteBook 840 | SIM5CG01
Zoe Laurent | 19 Magnolia Avenue | Savannah | GA | 31401 | Dell | Latitude 7450 | SIM7HXJ3
Samuel Brandt | 602 Harbor Street | Portland | ME | 04101 | Lenovo | Yoga 9 | SIMPF3K9S
Fatima Noor | 88 Prairie Lane | Omaha | NE | 68102 | Apple | MacBook Air | SIMC02X4D
Jonah Reed | 5 Birch Hollow | Asheville | NC | 28801 | HP | ZBook | SIM5CG02
Ines Carvalho | 230 Cannery Row | Monterey | CA | 93940 | Dell | XPS 15 | SIM7HXJ4
Noah Lindqvist | 41 Fjord Street | Duluth | MN | 55802 | Apple | MacBook Pro 14 | SIMC02X5E
Grace Adeyemi | 976 Peachtree Walk | Atlanta | GA | 30309 | Lenovo | ThinkPad X1 | SIMPF3L0T
Hugo Petit | 14 Canal Street | New Orleans | LA | 70130 | Apple | MacBook Air | SIMC02X6F
Ruth Feldman | 350 Commonwealth Avenue | Boston | MA | 02115 | HP | EliteBook 860 | SIM5CG03
"""


def _person(row: str) -> tuple[Address, str, str, str]:
    name, line_1, city, state_code, postal_code, make, model, serial = row.split(" | ")
    address = Address(
        name=name,
        line_1=line_1,
        city=city,
        state_code=state_code,
        postal_code=postal_code,
        country_code="US",
        notification_emails=(f"{name.split(maxsplit=1)[0].lower()}@people.demo.example",),
    )
    return address, make, model, serial


# Address, make, model, serial number.
PEOPLE = [_person(row) for row in _ROWS.strip().splitlines()]
