"""Articles in the formats of others: schema.org, HL7 FHIR."""
