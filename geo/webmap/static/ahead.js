// What comes next? A page tells it ahead of itself, over a line of its own, with the answer about the
// view: the map need not wait until the rest has been drawn. Without a line it hears of it with the page.
(function () {
  "use strict";

  L.atlasAhead = function (prefix, layer) {
    const where = new URL(`${prefix}/atlas/ahead`, location.href);
    where.protocol = where.protocol.replace("http", "ws");
    let line = null, name = "", turn = 0, barred = false, sent = null;

    // how the view that is looked at is asked about, said anew where it has changed
    function say() {
      const now = name && layer.question();
      if (!now || !line || line.readyState !== WebSocket.OPEN || sent && sent.asked === now.asked) return;
      sent = now;
      line.send(JSON.stringify({ line: name, asked: now.asked }));
    }
    function hear(told) {
      if (told.turn <= turn) return;
      turn = told.turn;
      const answered = told.answer && sent && told.asked === sent.asked;
      layer.show(told.token, told.selected, layer.looks(), answered ? { ...sent, answer: told.answer } : null);
    }
    function open() {
      if (line || barred) return;
      const opened = line = new WebSocket(where);
      let answered = false;
      opened.onopen = () => { answered = true; sent = null; say(); };
      opened.onmessage = ({ data }) => { if (opened === line) hear(JSON.parse(data)); };
      // one that ended is opened again with the next page; one that never came about is not
      opened.onclose = () => { if (opened === line) { line = null; barred = !answered; } };
    }
    layer.on("rested", say);

    return {
      // whether what a page tells is the newest: one that was overtaken tells of an older view
      isNewest: function (told) {
        if (!told) return true;
        if (told.line !== name) {
          const former = line;
          name = told.line; turn = 0; line = null;
          if (former) former.close();
        }
        if (told.turn < turn) return false;
        turn = told.turn;
        open();
        return true;
      },
    };
  };
})();
