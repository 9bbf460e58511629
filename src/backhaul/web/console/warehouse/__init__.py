"""The warehouse's table: parcels received, opened, verified, quoted, packed and handed on. For the operator alone."""
