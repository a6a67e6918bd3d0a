// The live page of messages. The server says what a message looks like; here it is put in its place.
(() => {
  if (window.punchcardEventLog) return;
  window.punchcardEventLog = true;

  const MOST_SHOWN = 300;
  const MOST_WAITING = 300;
  let current = null;

  class MessageLog {
    constructor(element) {
      this.element = element;
      this.list = element.querySelector(".messages");
      this.state = element.querySelector("[data-state]");
      this.pause = element.querySelector("[data-pause]");
      this.isPaused = false;
      this.waiting = [];
      element.querySelector("[data-live]").hidden = false;
      element.querySelector("[data-reload]").hidden = true;
      this.pause.addEventListener("click", () => this.setPaused(!this.isPaused));
      this.source = new EventSource(element.dataset.messageLog);
      this.source.onopen = () => this.say();
      this.source.onerror = () => this.say();
      this.source.onmessage = (event) => this.hear(event.data);
      this.say();
    }

    hear(html) {
      if (!this.isPaused) return this.show(html);
      this.waiting.push(html);
      if (this.waiting.length > MOST_WAITING) this.waiting.shift();
      this.say();
    }

    // The text was escaped where it was written: it is the server's own template.
    show(html) {
      const template = document.createElement("template");
      template.innerHTML = html;
      const message = template.content.querySelector(".message");
      if (!message || document.getElementById(message.id)) return;
      let next = this.list.firstElementChild;
      while (next && Number(next.dataset.at) > Number(message.dataset.at)) next = next.nextElementSibling;
      message.classList.add("is-new");
      this.list.insertBefore(message, next);
      this.element.querySelector("[data-empty]").hidden = true;
      while (this.list.childElementCount > MOST_SHOWN) this.list.lastElementChild.remove();
    }

    setPaused(isPaused) {
      this.isPaused = isPaused;
      this.pause.setAttribute("aria-pressed", String(isPaused));
      this.pause.textContent = isPaused ? "Resume" : "Pause";
      if (!isPaused) this.waiting.splice(0).forEach((html) => this.show(html));
      this.say();
    }

    say() {
      const states = ["Connecting", "Live", "Not connected"];
      const isLive = this.source.readyState === EventSource.OPEN;
      this.state.classList.toggle("good", isLive && !this.isPaused);
      this.state.classList.toggle("bad", this.source.readyState === EventSource.CLOSED);
      this.state.textContent = this.isPaused
        ? `Paused, ${this.waiting.length} new`
        : states[this.source.readyState];
      this.element.querySelector("[data-reload]").hidden = this.source.readyState !== EventSource.CLOSED;
    }

    close() {
      this.source.close();
    }
  }

  function begin() {
    const element = document.querySelector("[data-message-log]");
    if (current && current.element === element) return;
    if (current) current.close();
    current = element ? new MessageLog(element) : null;
  }

  document.addEventListener("htmx:load", begin);
  window.addEventListener("pagehide", () => current && current.close());
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  begin();
})();
