"""What requests that write send: the bodies, as clients of each dialect send them."""

from typing import Any

# A return of one laptop, as the ReReady dialect takes it.
TRANSFER: dict[str, Any] = {
    "organization_address": {
        "organization_name": "Maas Biolabs",
        "attention_name": "Human Resources",
        "line_1": "555 Nondescript Road",
        "city": "Maricopa",
        "state_code": "AZ",
        "postal_code": "85139",
        "country_code": "US",
    },
    "device_type": "laptop",
    "employee_address": {
        "person_name": "Christopher Mitchell",
        "line_1": "404 Hidden Spring Lane",
        "city": "Pittsburgh",
        "state_code": "PA",
        "postal_code": "15238",
        "country_code": "US",
    },
}
# One return sent on, as the BoxC dialect takes it; where the 0 stands goes its number.
RESHIPMENT: dict[str, Any] = {
    "reshipment": {
        "contents": "Laptop",
        "returns": [0],
        "to": {
            "name": "John Doe",
            "street1": "5200 Harry Hines Blvd",
            "city": "Dallas",
            "province": "TX",
            "postal_code": "75235",
            "country": "US",
        },
        "value": 900,
    }
}
