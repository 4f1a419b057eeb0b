Profile: ServicePlan
Parent: CarePlan
Id: service-plan
Title: "Service plan"
Description: "The individualized plan of a case: goals, and activities of which the referral is the first. The hub drafts one at a treating provider the moment it accepts; the case manager fills it in."
* insert Published
* insert CompliesWith(http://hl7.org/fhir/us/core/StructureDefinition/us-core-careplan)
* text MS
* basedOn MS
* status MS
* intent = #plan (exactly)
* intent MS
* category 1..* MS
* category ^slicing.discriminator.type = #pattern
* category ^slicing.discriminator.path = "$this"
* category ^slicing.rules = #open
* category contains assessPlan 1..1 MS
* category[assessPlan] = $careplan-category#assess-plan
* subject MS
* subject only Reference(Patient)
* period MS
* created MS
* author 1..1 MS
* author ^short = "The organization whose plan it is, or its case manager"
* careTeam MS
* addresses MS
* goal MS
* activity MS
* activity.reference MS
* activity.reference ^short = "First of all the referral request"

Mapping: ServicePlanToUsCore
Source: ServicePlan
Target: "http://hl7.org/fhir/us/core/StructureDefinition/us-core-careplan"
Id: us-core
Title: "US Core 8: CarePlan"
* text -> "CarePlan.text" "Must-support there; the hub keeps what the author writes."
* status -> "CarePlan.status" "The same."
* intent -> "CarePlan.intent" "Always plan."
* category[assessPlan] -> "CarePlan.category:AssessPlan" "The same code; required here."
* subject -> "CarePlan.subject" "A person only."

Instance: example-service-plan
InstanceOf: ServicePlan
Usage: #example
Title: "A draft plan, right after acceptance"
Description: "Made by the hub in Northside CMHC’s name."
* status = #draft
* intent = #plan
* category[assessPlan] = $careplan-category#assess-plan
* subject = Reference(Patient/amara-okonjo)
* created = "2026-03-02T11:40:00Z"
* author = Reference(Organization/northside-cmhc)
* careTeam = Reference(CareTeam/example-care-team)
* addresses = Reference(Condition/amara-okonjo-diagnosis)
* activity.reference = Reference(ServiceRequest/example-filler-request)

Profile: ReferralCareTeam
Parent: CareTeam
Id: care-team
Title: "Care team"
Description: "Who is around a person from the acceptance on: who referred, who receives, who carries the case. An organization on the team sees the record; the referrer sees the team, not the later notes."
* insert Published
* insert CompliesWith(http://hl7.org/fhir/us/core/StructureDefinition/us-core-careteam)
* status MS
* subject 1..1 MS
* subject only Reference(Patient)
* period MS
* participant 1..* MS
* participant.role 1..1 MS
* participant.role from $care-team-role-vs (extensible)
* participant.member 1..1 MS
* participant.period MS
* participant.period ^short = "With an end once another case manager has taken over"
* managingOrganization 1..* MS

Mapping: CareTeamToUsCore
Source: ReferralCareTeam
Target: "http://hl7.org/fhir/us/core/StructureDefinition/us-core-careteam"
Id: us-core
Title: "US Core 8: CareTeam"
* status -> "CareTeam.status" "The same."
* subject -> "CareTeam.subject" "A person only."
* participant -> "CareTeam.participant" "The same."
* participant.role -> "CareTeam.participant.role" "Exactly one in both; the hub binds it to its own roles and NUCC."
* participant.member -> "CareTeam.participant.member" "The same."

Instance: example-care-team
InstanceOf: ReferralCareTeam
Usage: #example
Title: "A care team after acceptance"
Description: "With a case manager, once one was assigned."
* status = #active
* subject = Reference(Patient/amara-okonjo)
* period.start = "2026-03-02T11:40:00Z"
* participant[0].role = $team-role#referrer "Referrer"
* participant[0].member = Reference(Organization/general-hospital)
* participant[1].role = $team-role#intake-contact "Intake contact"
* participant[1].member = Reference(Organization/northside-cmhc)
* participant[2].role = $team-role#case-manager "Case manager"
* participant[2].member = Reference(Practitioner/rosa-medina)
* participant[2].period.start = "2026-03-05T16:00:00Z"
* managingOrganization = Reference(Organization/northside-cmhc)

Profile: CaseEpisode
Parent: EpisodeOfCare
Id: episode
Title: "Episode of case management"
Description: "That a center carries a person’s case: planned when it accepts a referral, active from the first visit, with the case manager and the stage."
* insert Published
* extension contains CaseStage named stage 0..* MS
* status MS
* statusHistory MS
* patient MS
* managingOrganization 1..1 MS
* period 1..1 MS
* period.start 1..1 MS
* referralRequest MS
* careManager MS
* careManager ^short = "Who is named here joins the care team, who was, leaves it"
* team MS

Mapping: EpisodeToUsCore
Source: CaseEpisode
Target: "http://hl7.org/fhir/us/core/StructureDefinition/us-core-careteam"
Id: us-core
Title: "US Core 8: no EpisodeOfCare"
* team -> "CareTeam" "US Core has no profile of EpisodeOfCare; the team that the episode names is a US Core CareTeam."

Instance: example-episode
InstanceOf: CaseEpisode
Usage: #example
Title: "An episode under way"
Description: "Active since the first visit, in its second stage."
* extension[stage][0].extension[stage].valueCode = #engage
* extension[stage][0].extension[period].valuePeriod.start = "2026-03-02"
* extension[stage][0].extension[period].valuePeriod.end = "2026-03-05"
* extension[stage][1].extension[stage].valueCode = #assess
* extension[stage][1].extension[period].valuePeriod.start = "2026-03-05"
* status = #active
* statusHistory.status = #planned
* statusHistory.period.start = "2026-03-02T11:40:00Z"
* statusHistory.period.end = "2026-03-05T16:00:00Z"
* patient = Reference(Patient/amara-okonjo)
* managingOrganization = Reference(Organization/northside-cmhc)
* referralRequest = Reference(ServiceRequest/example-filler-request)
* period.start = "2026-03-02T11:40:00Z"
* careManager = Reference(Practitioner/rosa-medina)
* team = Reference(CareTeam/example-care-team)
