import { parseArgs } from 'node:util';
import { type Command, exitCode, required, UsageError, withHub } from './command.ts';

const secondsIn: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

export const token: Command = {
  name: 'token',
  summary: 'print a bearer token for a registered client',
  usage: `hub token --client ID [--scope SCOPE] [--ttl TIME] [--json]

Prints an access token for a registered client, alone on a line:
  curl -H "Authorization: Bearer $(hub token --client general-hospital)" http://127.0.0.1:8080/fhir/Task

  --client ID     the client, as registered with hub client add
  --scope SCOPE   SMART system scopes within what the client is registered for, for example
                  "system/Task.rs system/Patient.r"; all of them unless told otherwise
  --ttl TIME      how long it is valid: 90s, 30m, 1h; ten minutes unless told otherwise, at most 24h
  --json          print {"access_token", "token_type", "expires_in", "expires", "scope"}`,

  async run(args, io, open) {
    const { values } = parseArgs({
      args,
      options: {
        client: { type: 'string' },
        scope: { type: 'string' },
        ttl: { type: 'string' },
        json: { type: 'boolean' },
      },
    });
    const request = {
      client: required(values.client, '--client', 'general-hospital'),
      ...(values.scope === undefined ? {} : { scope: values.scope }),
      ...(values.ttl === undefined ? {} : { ttl: seconds(values.ttl) }),
    };
    const issued = await withHub(open, hub => hub.authorization.issueToken(request));
    if (values.json) {
      io.out(
        JSON.stringify({
          access_token: issued.token,
          token_type: 'Bearer',
          expires_in: issued.ttl,
          expires: issued.expires.toISOString(),
          scope: issued.scope,
        }),
      );
    } else io.out(issued.token);
    return exitCode.ok;
  },
};

/** `90s`, `30m`, `1h`, `1d`; a number alone is seconds. */
function seconds(text: string): number {
  const [, amount, unit = 's'] = /^(\d{1,9})([smhd])?$/.exec(text) ?? [];
  const factor = secondsIn[unit];
  if (amount === undefined || factor === undefined) {
    throw new UsageError(`--ttl ${text} is not a time: write 90s, 30m or 1h`);
  }
  return Number(amount) * factor;
}
