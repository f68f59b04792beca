/** As much of Next.js 16 and Astro 7 as the examples of the documents use; their packages have hundreds of megabytes. */
declare module "next" {
  export interface Metadata {
    title?: string;
    description?: string;
    alternates?: { canonical?: string; languages?: Record<string, string> };
  }
}

declare module "next/navigation" {
  export function notFound(): never;
  export function redirect(url: string): never;
  export function permanentRedirect(url: string): never;
}

interface RequestInit {
  next?: { revalidate?: number | false; tags?: string[] };
}

declare namespace JSX {
  interface IntrinsicElements {
    main: { lang?: string; children?: unknown };
    section: { key?: string; children?: unknown };
    h1: { children?: unknown };
    h2: { children?: unknown };
    div: { dangerouslySetInnerHTML?: { __html: string } };
  }
}

declare const Astro: {
  readonly url: URL;
  redirect(path: string, status?: 300 | 301 | 302 | 303 | 304 | 307 | 308): Response;
};
