import type { Child, PropsWithChildren } from 'hono/jsx';

/** Where the stylesheet and the icon are served. */
export const assets = { style: '/assets/page.css', icon: '/assets/icon.svg' } as const;

interface LayoutProps {
  title: string;
  /** Who is signed in, and where else they can go. */
  who?: Child;
  /** Stylesheets beside the one of all pages. */
  styles?: readonly string[];
}

/** The frame of every page. */
export function Layout({ title, who, styles = [], children }: PropsWithChildren<LayoutProps>) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        <link rel="icon" type="image/svg+xml" href={assets.icon} />
        {[assets.style, ...styles].map(href => (
          <link rel="stylesheet" href={href} />
        ))}
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
