import { z } from 'zod';

const id = z.string().regex(/^[A-Za-z0-9\-.]{1,64}$/, 'must be the logical id of a resource');

/** What an app is told of where it was launched (https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html#launch-context-arrives-with-your-access_token). */
export const launchContext = z.strictObject({
  patient: id.optional(),
  encounter: id.optional(),
  /** What the app is to do. */
  intent: z.string().min(1).max(64).optional(),
  need_patient_banner: z.boolean().optional(),
  fhirContext: z
    .array(
      z.strictObject({
        reference: z
          .string()
          .regex(/^[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/, 'must be a relative reference, Type/id')
          .refine(
            text => !/^(Patient|Encounter)\//.test(text),
            'Patient and Encounter have fields of their own',
          ),
        role: z.url().optional(),
        type: z.string().optional(),
      }),
    )
    .max(20)
    .optional(),
});

export type LaunchContext = z.infer<typeof launchContext>;

/** The fields of the token answer: an app that is not told otherwise shows whose record it is. */
export const contextFields = (context: LaunchContext): Record<string, unknown> => ({
  ...context,
  ...(context.patient === undefined ? {} : { need_patient_banner: context.need_patient_banner ?? true }),
});
