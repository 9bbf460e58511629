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


def _home(name: str, line: str, city: str, state: str | None, postal: str, country: str = "US") -> Address:
    first = name.split()[0].lower()
    return Address(
        name=name,
        line_1=line,
        city=city,
        state_code=state,
        postal_code=postal,
        country_code=country,
        notification_emails=(f"{first}@people.demo.example",),
    )


# Address, make, model, serial number.
PEOPLE: list[tuple[Address, str, str, str]] = [
    (_home("Christopher Mitchell", "404 Hidden Spring Lane", "Pittsburgh", "PA", "15238"), "Apple", "MacBook Pro 14", "SIMC02X1A"),
    (_home("Amara Okafor", "12 Juniper Court", "Austin", "TX", "78704"), "Lenovo", "ThinkPad X1", "SIMPF3K7Q"),
    (_home("Diego Fuentes", "881 Mesa Drive", "Denver", "CO", "80203"), "Dell", "XPS 13", "SIM7HXJ2"),
    (_home("Priya Raman", "33 Lakeview Terrace", "Seattle", "WA", "98103"), "Apple", "MacBook Air", "SIMC02X2B"),
    (_home("Owen Clarke", "7 Old Mill Road", "Burlington", "VT", "05401"), "Lenovo", "ThinkPad T14", "SIMPF3K8R"),
    (_home("Mei Tanaka", "1450 Sunset Way", "San Diego", "CA", "92103"), "Apple", "MacBook Pro 16", "SIMC02X3C"),
    (_home("Lucas Meyer", "260 Elm Street", "Columbus", "OH", "43201"), "HP", "EliteBook 840", "SIM5CG01"),
    (_home("Zoe Laurent", "19 Magnolia Avenue", "Savannah", "GA", "31401"), "Dell", "Latitude 7450", "SIM7HXJ3"),
    (_home("Samuel Brandt", "602 Harbor Street", "Portland", "ME", "04101"), "Lenovo", "Yoga 9", "SIMPF3K9S"),
    (_home("Fatima Noor", "88 Prairie Lane", "Omaha", "NE", "68102"), "Apple", "MacBook Air", "SIMC02X4D"),
    (_home("Jonah Reed", "5 Birch Hollow", "Asheville", "NC", "28801"), "HP", "ZBook", "SIM5CG02"),
    (_home("Ines Carvalho", "230 Cannery Row", "Monterey", "CA", "93940"), "Dell", "XPS 15", "SIM7HXJ4"),
    (_home("Noah Lindqvist", "41 Fjord Street", "Duluth", "MN", "55802"), "Apple", "MacBook Pro 14", "SIMC02X5E"),
    (_home("Grace Adeyemi", "976 Peachtree Walk", "Atlanta", "GA", "30309"), "Lenovo", "ThinkPad X1", "SIMPF3L0T"),
    (_home("Hugo Petit", "14 Canal Street", "New Orleans", "LA", "70130"), "Apple", "MacBook Air", "SIMC02X6F"),
    (_home("Ruth Feldman", "350 Commonwealth Avenue", "Boston", "MA", "02115"), "HP", "EliteBook 860", "SIM5CG03"),
]
