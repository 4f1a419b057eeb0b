import { guideProfiles, isGuideType } from './view.ts';

/**
 * A search by a profile of the guide is one of what is open, seen as the guide sees it: no entry is stored as one. It
 * is the same for its own result, so that the link to the next page leads on.
 */
export function guideQuery(type: string | undefined, query: URLSearchParams): URLSearchParams {
  if (!isGuideType(type)) return query;
  const asked = query.getAll('_profile');
  if (asked.length !== 1 || asked[0]?.split('|')[0] !== guideProfiles[type]) return query;
  const result = new URLSearchParams(query);
  result.delete('_profile');
  result.set('view', 'hsds');
  if (type === 'Location') result.append('status', 'active');
  else result.append('active', 'true');
  return result;
}
