/**
 * Types whose every version is answered for by a Provenance, by why it matters who wrote it. What is left out says
 * nothing about a person's care: the directory, terminology, the machinery of exchange.
 */
const types = {
  /** What is asked for and what became of it: who may rely on it must know who said it. */
  referral: [
    'ServiceRequest',
    'Task',
    'Appointment',
    'AppointmentResponse',
    'CommunicationRequest',
    'Communication',
  ],
  /** Who the person is: a wrong name or address sends care to the wrong door. */
  person: ['Patient', 'RelatedPerson', 'Person'],
  /** What is true of the person, and who found it so. */
  findings: [
    'AllergyIntolerance',
    'ClinicalImpression',
    'Condition',
    'DetectedIssue',
    'DiagnosticReport',
    'FamilyMemberHistory',
    'Flag',
    'Immunization',
    'Observation',
    'QuestionnaireResponse',
    'RiskAssessment',
  ],
  /** What is to be done for the person, and who agreed to it. */
  plan: ['CarePlan', 'CareTeam', 'Goal', 'NutritionOrder', 'DeviceRequest'],
  /** What was given and done. */
  care: [
    'Encounter',
    'EpisodeOfCare',
    'MedicationAdministration',
    'MedicationDispense',
    'MedicationRequest',
    'MedicationStatement',
    'Procedure',
  ],
  /** What the person has allowed, and what was written down. */
  documents: ['Composition', 'Consent', 'DocumentReference', 'List'],
  /** What decides whether the person gets it. */
  coverage: [
    'Claim',
    'ClaimResponse',
    'Coverage',
    'CoverageEligibilityRequest',
    'CoverageEligibilityResponse',
  ],
} as const;

export const clinicalTypes: readonly string[] = Object.values(types).flat();
