"use strict";

// What was said, kept in this browser only and shared by all tabs of the page; the server remembers no more than it needs to go on.
// Where the browser keeps nothing, or has no room left, this page remembers it until it is closed.
const memory = (() => {
  const SAID = "michishirube";
  const ARRIVED = "michishirube-news";
  const ERASED = "michishirube-erased";
  const MOST_TURNS = 100;

  let trouble = "";
  let said = [];
  let arrived = 0;
  let erased = read(ERASED) ?? "";

  function read(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      trouble = "blocked";
      return null;
    }
  }

  function write(key, value) {
    try {
      localStorage.setItem(key, value);
      return true;
    } catch {
      return false;
    }
  }

  function stored() {
    try {
      const kept = JSON.parse(read(SAID));
      return Array.isArray(kept) ? kept : [];
    } catch {
      return [];
    }
  }

  // What another tab erased is gone here too; what it added is here too.
  function refresh() {
    const now = trouble === "blocked" ? erased : (read(ERASED) ?? "");
    if (now !== erased) {
      erased = now;
      said = [];
      trouble = "";
    }
    if (!trouble) said = stored();
  }

  // A storage that is full takes the newest that fit.
  function store() {
    for (let kept = said; kept.length; kept = kept.slice(Math.ceil(kept.length / 2))) {
      if (write(SAID, JSON.stringify(kept))) return kept.length === said.length;
    }
    return false;
  }

  return {
    said() {
      refresh();
      return said;
    },
    add(turn) {
      refresh();
      said = [...said, turn].slice(-MOST_TURNS);
      if (!store() && !trouble) trouble = "full";
    },
    erase() {
      said = [];
      erased = `${Date.now()}-${Math.random()}`;
      try {
        localStorage.removeItem(SAID);
        trouble = "";
      } catch {
        trouble = "blocked";
      }
      write(ERASED, erased);
    },
    // Changes whenever something was erased, in whichever tab.
    get age() {
      refresh();
      return erased;
    },
    get arrived() {
      return Math.max(arrived, Number(read(ARRIVED)) || 0);
    },
    set arrived(id) {
      arrived = id;
      write(ARRIVED, String(id));
    },
    // "" while everything is kept, "blocked" or "full" otherwise.
    get trouble() {
      return trouble;
    },
  };
})();
