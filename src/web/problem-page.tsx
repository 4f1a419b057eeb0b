import type { Child } from 'hono/jsx';
import { Layout } from './layout.tsx';

/** What went wrong, for a person. */
export function ProblemPage({ title, text, who }: { title: string; text: string; who?: Child }) {
  return (
    <Layout title={title} who={who}>
      <h1>{title}</h1>
      <p class="lead">{text}</p>
      <p>
        <a href="/">Back to the start</a>
      </p>
    </Layout>
  );
}
