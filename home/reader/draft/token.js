// The token of a draft link: it comes behind “#”, and leaves the address at once.

const KEY = "treatments-draft-token";
// What only looks like a token is sent too: another draft than that of the link must never be shown.
const PREFIX = "wtd_";

/**
 * Return the token that this tab was opened with, or an empty text. It is kept for as long as the tab is open, so
 * that the page can be loaded again; it is not kept on the device.
 */
export function takeToken() {
  const given = location.hash.slice(1);
  if (given.startsWith(PREFIX)) {
    remember(given);
    history.replaceState(history.state, "", location.pathname + location.search);
    return given;
  }
  return recall();
}

/** Open another link that is put into the same tab: only the part behind “#” changes then. */
export function followNewToken() {
  window.addEventListener("hashchange", () => {
    if (location.hash.slice(1).startsWith(PREFIX)) location.reload();
  });
}

// A browser may refuse to remember anything; the draft is shown all the same, this once.
function remember(token) {
  try {
    sessionStorage.setItem(KEY, token);
  } catch (error) {
    console.warn(`The link is not remembered: ${error.message}`);
  }
}

function recall() {
  try {
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}
