// What comes next? A page tells it ahead of itself, over a line of its own, with the answer about the
// view: the map need not wait until the rest has been drawn. Without a line it hears of it with the page.
(function () {
  "use strict";

  L.atlasAhead = function (prefix, layer, follow) {
    const where = new URL(`${prefix}/atlas/ahead`, location.href);
    where.protocol = where.protocol.replace("http", "ws");
    let line = null, name = "", turn = 0, barred = false, sent = "";

    // how the view that is looked at is asked about, said anew where it has changed
    function say() {
      if (!line || line.readyState !== WebSocket.OPEN) return;
      const { asked } = layer.question();
      if (asked === sent) return;
      sent = asked;
      line.send(JSON.stringify({ line: name, asked }));
    }
    function hear(told) {
      if (told.turn <= turn) return;
      turn = told.turn;
      // an answer about another view, or in another form, than is looked at by now is passed over
      const now = layer.question(), answered = told.answer && told.asked === now.asked;
      layer.show(told.token, told.selected, layer.looks(), answered ? { ...now, answer: told.answer } : null);
      follow(told.token);
    }
    function open() {
      if (line || barred) return;
      const opened = line = new WebSocket(where);
      let answered = false;
      opened.onopen = () => { answered = true; sent = ""; say(); };
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
