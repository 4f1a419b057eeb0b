// By what routing finds services.

RuleSet: DirectoryParameter(resource, id, code, name, type, expression, description)
* url = "https://warmhandoff.example/fhir/SearchParameter/{id}"
* version = "1.0.0"
* name = "{name}"
* status = #active
* experimental = false
* date = "2026-01-05"
* publisher = "Warm Handoff"
* description = {description}
* code = #{code}
* base = #{resource}
* type = #{type}
* expression = "{expression}"
* xpathUsage = #normal

Instance: service-offers
InstanceOf: SearchParameter
Usage: #definition
* insert DirectoryParameter(HealthcareService, service-offers, offers, ServiceOffers, token, [[HealthcareService.type | HealthcareService.specialty | HealthcareService.category]], [["Services by what they offer, wherever it is said: as type, specialty or category."]])

Instance: service-offers-beyond
InstanceOf: SearchParameter
Usage: #definition
* insert DirectoryParameter(HealthcareService, service-offers-beyond, offers-beyond, ServiceOffersBeyond, token, [[HealthcareService.where(coverageArea.empty() or program.exists()).type | HealthcareService.where(coverageArea.empty() or program.exists()).specialty | HealthcareService.where(coverageArea.empty() or program.exists()).category]], [["As offers, of services only that may take people from anywhere: those without an area, and those of a program, of which some refuse nobody for where they live."]])

Instance: location-area
InstanceOf: SearchParameter
Usage: #definition
* insert DirectoryParameter(Location, location-area, area, LocationArea, string, [[Location.where(physicalType.coding.where(code = 'area').exists()).address.postalCode | Location.where(physicalType.coding.where(code = 'area').exists()).address.where(postalCode.empty()).district | Location.where(physicalType.coding.where(code = 'area').exists()).address.where(postalCode.empty() and district.empty()).state]], [["Areas by the narrowest part of the country they name: a ZIP code, else a county, else a state. Places where people are treated have none."]])
