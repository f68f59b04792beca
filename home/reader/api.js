// The public API: what the reader asks for, and how it fails. No other module fetches.

const TIMEOUT_MS = 20000;

/** An answer that is not what was asked for. `status` is 0 when there was no answer at all. */
export class ApiError extends Error {
  constructor(status, detail, url) {
    super(detail || `The API answered ${status}.`);
    this.name = "ApiError";
    this.status = status;
    this.detail = detail;
    this.url = url;
  }
}

async function readDetail(response) {
  try {
    const problem = await response.json();
    return typeof problem.detail === "string" ? problem.detail : "";
  } catch {
    return "";
  }
}

async function getJson(url) {
  let response;
  try {
    response = await fetch(url, {
      headers: { Accept: "application/json" },
      credentials: "omit",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    throw new ApiError(0, error.message, url);
  }
  if (!response.ok) throw new ApiError(response.status, await readDetail(response), url);
  try {
    return { data: await response.json(), response };
  } catch {
    throw new ApiError(response.status, "The answer is not JSON.", url);
  }
}

function buildUrl(base, parameters) {
  return `${base}?${new URLSearchParams(parameters)}`;
}

/** Return the functions that read the API below the roots of v2 and v3, such as `/api/v2/`. */
export function createApi({ v2, v3 }) {
  return {
    /** The page with this path, in whatever language it is. */
    async findPage(path) {
      const { data, response } = await getJson(buildUrl(`${v2}pages/find/`, { html_path: path, fields: "*" }));
      // find/ redirects to the page itself, and a redirect may lose the wish for all fields.
      const isComplete = !response.redirected || new URL(response.url).searchParams.get("fields") === "*";
      if (isComplete) return data;
      return (await getJson(buildUrl(`${v2}pages/${data.id}/`, { fields: "*" }))).data;
    },

    /** The main navigation in a language. */
    async getNavigation(locale) {
      return (await getJson(buildUrl(`${v3}navigation/`, { locale }))).data;
    },

    /** What the site says about itself in a language. */
    async getSite(locale) {
      return (await getJson(buildUrl(`${v3}site/`, { locale }))).data;
    },
  };
}
