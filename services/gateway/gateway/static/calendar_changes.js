// What changes in the calendar, as the server tells it for as long as the page is open.

// `tell(isOn)` is called when the stream goes on or is lost, `changed` with each appointment that
// changed, `missed` when something may have been missed.
window.punchcardChanges ??= function changesOf(path, { tell, changed, missed }) {
  const AGAIN_MS = 4000;
  let stream = null;
  let again = 0;

  function listen() {
    let wasLost = false;
    end();
    stream = new EventSource(path);
    stream.onopen = () => {
      tell(true);
      if (wasLost) missed();
      wasLost = false;
    };
    stream.onmessage = (event) => changed(JSON.parse(event.data));
    stream.onerror = () => {
      wasLost = true;
      tell(false);
      // The browser asks again by itself, unless the answer was a refusal.
      if (stream.readyState === EventSource.CLOSED) again = setTimeout(anew, AGAIN_MS);
    };
  }

  function anew() {
    listen();
    missed();
  }

  function end() {
    clearTimeout(again);
    stream?.close();
  }

  listen();
  return { anew, end };
};
