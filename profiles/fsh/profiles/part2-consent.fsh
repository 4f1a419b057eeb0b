Profile: Part2Consent
Parent: Consent
Id: part2-consent
Title: "Consent (42 CFR Part 2)"
Description: "A written consent to disclose records of substance use treatment, with all that 42 CFR 2.31 asks for. The hub opens what is labelled SUD, ETH or ETHUD only to whom such a consent names, and closes it at once when the consent is revoked or ends."
* insert Published
* obeys is-signed
* extension contains ConsentStatement named statement 1..* MS
* extension[statement] ^short = "right-to-revoke: the form says that and how it can be revoked (2.31(a)(6))"
* status MS
* scope MS
* scope = $consent-scope#patient-privacy
* category MS
* category ^slicing.discriminator.type = #pattern
* category ^slicing.discriminator.path = "$this"
* category ^slicing.rules = #open
* category contains disclosure 1..1 MS
* category[disclosure] = $act-code#IDSCL
* patient 1..1 MS
* dateTime 1..1 MS
* dateTime ^short = "The date it was signed (2.31(a)(9))"
* organization 1..* MS
* organization ^short = "Who may disclose (2.31(a)(2))"
* source[x] MS
* source[x] ^short = "The signed form (2.31(a)(8))"
* policyRule MS
* verification MS
* provision 1..1 MS
* provision.type 1..1 MS
* provision.type = #permit (exactly)
* provision.period 1..1 MS
* provision.period.end 1..1 MS
* provision.period.end ^short = "When it expires (2.31(a)(7))"
* provision.actor 1..* MS
* provision.actor ^short = "Who receives it (2.31(a)(4)); the hub as well where it is the intermediary"
* provision.securityLabel 1..* MS
* provision.securityLabel from $sensitivity-vs (required)
* provision.securityLabel ^short = "What is disclosed (2.31(a)(3))"
* provision.purpose 1..* MS
* provision.purpose from $purpose-vs (required)
* provision.purpose ^short = "What for (2.31(a)(5))"

Invariant: is-signed
Description: "A written consent has the signed form, or says who verified it and when."
Severity: #error
Expression: "source.exists() or verification.where(verified = true and verificationDate.exists()).exists()"

Mapping: Part2ConsentToGravity
Source: Part2Consent
Target: "http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-Consent"
Id: gravity
Title: "Gravity SDOH Clinical Care: Consent"
* status -> "Consent.status" "The same."
* scope -> "Consent.scope" "patient-privacy in both."
* category[disclosure] -> "Consent.category:IDSCL" "The same code, required in both."
* patient -> "Consent.patient" "The same."
* dateTime -> "Consent.dateTime" "Required in both."
* organization -> "Consent.organization" "Exactly one there."
* source[x] -> "Consent.source[x]" "Required there; here a verification does as well."
* provision -> "Consent.provision" "Not constrained there."

Mapping: Part2ConsentToRegulation
Source: Part2Consent
Target: "https://www.ecfr.gov/current/title-42/section-2.31"
Id: cfr
Title: "42 CFR 2.31(a)"
* patient -> "(a)(1)" "The name of the patient."
* organization -> "(a)(2)" "Who discloses."
* provision.securityLabel -> "(a)(3)" "What, specifically."
* provision.actor -> "(a)(4)" "The recipients; an intermediary is named, too."
* provision.purpose -> "(a)(5)" "The purpose."
* extension[statement] -> "(a)(6)" "The right to revoke."
* provision.period -> "(a)(7)" "When it expires."
* source[x] -> "(a)(8)" "The signature."
* dateTime -> "(a)(9)" "The date of signature."

Instance: example-part2-consent
InstanceOf: Part2Consent
Usage: #example
Title: "A consent for one receiver"
Description: "Theo Lindqvist lets General Hospital disclose substance use treatment to Northside CMHC, through the hub."
* extension[statement].valueCode = #right-to-revoke
* status = #active
* scope = $consent-scope#patient-privacy
* category[disclosure] = $act-code#IDSCL
* patient = Reference(Patient/theo-lindqvist)
* dateTime = "2026-03-01"
* organization = Reference(Organization/general-hospital)
* sourceAttachment.title = "Signed form"
* policyRule = $act-code#42CFRPart2
* provision.type = #permit
* provision.period.start = "2026-03-01"
* provision.period.end = "2026-08-31"
* provision.actor[0].role = $participation#IRCP
* provision.actor[0].reference = Reference(Organization/northside-cmhc)
* provision.actor[1].role = $participation#IRCP
* provision.actor[1].reference = Reference(Organization/hub)
* provision.securityLabel = $act-code#SUD
* provision.purpose = $act-reason#TREAT
