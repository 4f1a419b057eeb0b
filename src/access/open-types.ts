/** Who is there and what they offer: written by the organization it describes, read by every signed-in actor. */
const directory = [
  'Organization',
  'OrganizationAffiliation',
  'HealthcareService',
  'Location',
  'Practitioner',
  'PractitionerRole',
  'Endpoint',
  'Schedule',
  'Slot',
  'InsurancePlan',
] as const;

/** Profiles and terminology: written by the network, read by every signed-in actor. */
const conformance = [
  'ActivityDefinition',
  'CapabilityStatement',
  'CodeSystem',
  'CompartmentDefinition',
  'ConceptMap',
  'GraphDefinition',
  'ImplementationGuide',
  'Library',
  'Measure',
  'MessageDefinition',
  'NamingSystem',
  'OperationDefinition',
  'PlanDefinition',
  'Questionnaire',
  'SearchParameter',
  'StructureDefinition',
  'StructureMap',
  'TerminologyCapabilities',
  'ValueSet',
] as const;

const directoryTypes: ReadonlySet<string> = new Set(directory);
const conformanceTypes: ReadonlySet<string> = new Set(conformance);

export const isDirectory = (type: string): boolean => directoryTypes.has(type);
export const isConformance = (type: string): boolean => conformanceTypes.has(type);

/** Open to every signed-in actor whose scope allows the type. */
export const isOpen = (type: string): boolean => isDirectory(type) || isConformance(type);
