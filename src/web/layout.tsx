import type { Child, PropsWithChildren } from 'hono/jsx';

/** Where the stylesheet and the icon are served. */
export const assets = { style: '/assets/page.css', icon: '/assets/icon.svg' } as const;

interface LayoutProps {
  title: string;
  /** Who is signed in, and where else they can go. */
  who?: Child;
}

/** The frame of every page. */
export function Layout({ title, who, children }: PropsWithChildren<LayoutProps>) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        <link rel="icon" type="image/svg+xml" href={assets.icon} />
        <link rel="stylesheet" href={assets.style} />
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <header class="top">
          <a class="brand" href="/">
            Warm Handoff
          </a>
          {who}
        </header>
        <main id="main">{children}</main>
      </body>
    </html>
  );
}
