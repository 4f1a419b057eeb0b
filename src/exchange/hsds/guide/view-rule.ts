import { HubError } from '../../../errors.ts';
import { subsetted } from '../../../fhir/search/project.ts';
import type { WriteRule } from '../../../fhir/write/rules.ts';
import { type GuideType, guideProfiles } from './view.ts';

/** What the view has shown is less than what is stored: written back, it would take the rest away. */
export const guideViewRule: WriteRule = {
  types: Object.keys(guideProfiles),
  async apply({ after }) {
    const { profile = [], tag = [] } = after?.meta ?? {};
    const shown =
      after !== undefined &&
      profile.includes(guideProfiles[after.resourceType as GuideType]) &&
      tag.some(({ code }) => code === subsetted.code);
    if (shown) throw readOnlyView('meta.tag');
    return {};
  },
};

export const readOnlyView = (expression: string): HubError =>
  new HubError('method-not-allowed', {
    text: 'The view of the Human Services Directory guide (view=hsds) is for reading alone. Read the entry without the view, change that, and write it without the view.',
    expression,
  });
