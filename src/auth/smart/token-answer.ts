import type { Context } from 'oidc-provider/lib/provider.js';
import type { SignIn } from '../authorization.ts';
import { routes } from '../endpoints.ts';
import { personOf } from './account-id.ts';
import type { Grants } from './grants.ts';
import { contextFields } from './launch-context.ts';

/**
 * Adds to the answer what the app is told of its launch
 * (https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html#launch-context-arrives-with-your-access_token),
 * after it has been recorded who was given the token.
 */
export function tokenAnswer(grants: Grants, record: ((signIn: SignIn) => Promise<void>) | undefined) {
  return async (ctx: Context, next: () => Promise<void>): Promise<void> => {
    await next();
    const token = ctx.oidc?.entities.AccessToken;
    if (ctx.path !== routes.token || ctx.status !== 200 || !token?.grantId || !token.accountId) return;
    const { account, organization } = personOf(token.accountId);
    await record?.({ issued: true, client: token.clientId, account, organization, address: ctx.ip });
    ctx.body = { ...(ctx.body as object), ...contextFields(await grants.context(token.grantId)) };
  };
}
