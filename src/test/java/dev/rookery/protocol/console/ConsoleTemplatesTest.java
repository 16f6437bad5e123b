package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.Position;
import dev.rookery.console.StreamEvent;
import dev.rookery.console.StreamQuery;
import dev.rookery.protocol.console.ApiOperation.Parameter;
import dev.rookery.protocol.console.ConsoleRenderer.MenuGroup;
import dev.rookery.protocol.console.ConsoleRenderer.MenuItem;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import dev.rookery.protocol.console.RecordPage.Tab;
import io.pebbletemplates.pebble.PebbleEngine;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every template with minimal, typical and hostile values. */
final class ConsoleTemplatesTest {
  private static final PebbleEngine ENGINE = ConsoleRenderer.createEngine();
  private static final String HOSTILE =
      "\"><script>alert(1)</script><img src=x onerror=alert(1)> ' {{ 7*7 }} \u202e\u2066abc";
  private static final Pattern HANDLER = Pattern.compile("<[^>]*\\son\\w+\\s*=");
  private static final Pattern SCRIPT = Pattern.compile("<script(?! type=\"module\" src=\")");
  private static final Pattern DATA = Pattern.compile("\\s(data-[a-z-]+)");

  /** All that a script or a style may act on; a new word belongs to the design first. */
  private static final List<String> VOCABULARY =
      List.of(
          "data-part",
          "data-live",
          "data-live-from",
          "data-live-pause",
          "data-live-state",
          "data-part-version",
          "data-value",
          "data-row",
          "data-confirm",
          "data-select",
          "data-copy",
          "data-time",
          "data-draft",
          "data-editor",
          "data-check",
          "data-chart",
          "data-timeline",
          "data-map",
          "data-playground",
          "data-key",
          "data-menu",
          "data-secret",
          "data-explorer",
          "data-explorer-history",
          "data-method",
          "data-path",
          "data-bytes",
          "data-send",
          "data-type",
          "data-name",
          "data-file",
          "data-answer",
          "data-label");

  private static Map<String, Object> model(String text) {
    var model = new HashMap<String, Object>();
    model.put("title", text);
    model.put("product", text);
    model.put("node", text);
    model.put("version", "1");
    model.put("environment", "production");
    model.put("production", true);
    model.put("assets", "/admin/assets/0/");
    model.put("theme", "dark");
    model.put("csrfToken", "token");
    model.put("signedIn", true);
    model.put("adminName", text);
    model.put("role", "owner");
    model.put(
        "menu",
        List.of(new MenuGroup("Group", List.of(new MenuItem(text, "/admin/x", "x", true)))));
    model.put("path", "/admin/x");
    model.put("uri", text);
    model.put("requestId", text);
    model.put("notice", text);
    model.put("pending", List.of(new OpenBroadcasts.Pending(text, "/admin/x", "/admin/x")));
    model.put("live", text);
    model.put("liveVersion", text);
    model.put("problem", new ConsoleProblem(422, text, text, text, text, List.of(text)));
    model.put(
        "question",
        new Confirmation.Question(
            text,
            text,
            text,
            text,
            text,
            text,
            2,
            text,
            "/admin/x",
            text,
            List.of(new Confirmation.Sent(text, text))));
    model.put(
        "conflict",
        new EditForm.Conflict(
            text,
            text,
            text,
            text,
            List.of(new EditForm.Difference("n", text, text, text, text, true, true))));
    model.put("text", text);
    model.put("lookups", List.of(new Link(text, "/admin/logs?request=1")));
    model.put("results", List.of(new SearchPages.Result(text, text, text)));
    return model;
  }

  private static ListView list(String text) {
    var cells =
        List.of(
            Cell.text(text),
            Cell.link(text, text),
            Cell.code(text),
            Cell.badge(text, "bad"),
            Cell.time(1_700_000_000_000L),
            Cell.time(0));
    var columns = new ArrayList<Column>();
    for (int i = 0; i < cells.size(); i++) {
      columns.add(new Column(text, 1, i == 0 ? text : "", i == 0 ? "ascending" : ""));
    }
    return new ListView(
        "list",
        text,
        columns,
        List.of(new Row("7", text, cells, List.of(new Action(text, text, 1)))),
        true);
  }

  private static ListPage listPage(String text, boolean typical) {
    var pager =
        typical ? new Pager(text, text, text, text, text) : new Pager("0 rows", "", "", "", "");
    return new ListPage(
        new ListPage.Search(
            text,
            text,
            text,
            text,
            50,
            ListRequest.SIZES,
            typical ? List.of(SearchQuery.Key.of("key", text)) : List.of(),
            typical ? List.of(new Link(text, text)) : List.of(),
            typical ? List.of(text) : List.of()),
        typical ? list(text) : new ListView("list", text, List.of(), List.of(), false),
        pager,
        text,
        text,
        typical ? List.of(new Action(text, text, 2)) : List.of(),
        typical ? List.of(new Link(text, text)) : List.of(),
        typical ? List.of(new Link(text, text)) : List.of());
  }

  private static RecordPage recordPage(String text) {
    var fields = new ArrayList<FormView.Field>();
    for (String type : List.of("text", "number", "textarea", "json", "lua", "checkbox")) {
      fields.add(
          FormView.Field.of(type, text, type, text)
              .hinted(text)
              .typed(text, text, List.of(text))
              .edited(text, List.of(text)));
    }
    fields.add(FormView.Field.select("select", text, text, List.of(text)).needed());
    var form = new FormView(text, text, fields, text, 1, text, List.of(text));
    return new RecordPage(
        List.of(new Link(text, text)),
        List.of(Cell.badge(text, "good")),
        List.of(new Link(text, text)),
        List.of(new Action(text, text, 2), new Action(text, text, 0)),
        List.of(new Tab(text, text, true)),
        List.of(
            Section.facts("a", text, List.of(Fact.of(text, Cell.text(text), Cell.text(""))))
                .withNote(text),
            Section.text("b", text, text),
            Section.text("c", text, ""),
            Section.table("d", text, list(text), Pager.NONE, text),
            Section.form("e", text, form)));
  }

  private static String render(String template, Map<String, Object> model) {
    var text = new StringWriter();
    try {
      ENGINE.getTemplate(template).evaluate(text, model);
    } catch (IOException broken) {
      throw new AssertionError(broken);
    }
    return text.toString();
  }

  private static void assertSafe(String html) {
    assertThat(html).doesNotContain("<script>", "<img", "style=", "javascript:", "49", "<style");
    String tags = html.replaceAll("\"[^\"]*\"", "\"\"");
    assertThat(HANDLER.matcher(tags).find()).isFalse();
    assertThat(SCRIPT.matcher(html).find()).isFalse();
    assertThat(DATA.matcher(html).results().map(found -> found.group(1)).distinct())
        .isSubsetOf(VOCABULARY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"error", "confirm", "conflict", "search"})
  void escapesHostileTextInPages(String template) {
    assertSafe(render(template, model(HOSTILE)));
  }

  @Test
  void escapesHostileTextInMatches() {
    var model = model(HOSTILE);
    model.put(
        "page",
        new MatchPages.Head(
            List.of(new Link(HOSTILE, HOSTILE)),
            List.of(Cell.text(HOSTILE)),
            List.of(new Action(HOSTILE, HOSTILE, 2)),
            List.of(new Tab(HOSTILE, HOSTILE, true)),
            HOSTILE,
            HOSTILE,
            HOSTILE));
    model.put(
        "moment",
        new MatchMoment(
            1,
            2,
            HOSTILE,
            List.of(MatchMoment.PUBLIC, HOSTILE),
            List.of(Fact.of(HOSTILE, Cell.text(HOSTILE))),
            HOSTILE,
            List.of(new JsonChanges.Change(HOSTILE, HOSTILE, HOSTILE)),
            list(HOSTILE)));
    assertSafe(render("match", model));
  }

  @Test
  void escapesHostileTextInListsAndRecords() {
    var model = model(HOSTILE);
    model.put("page", listPage(HOSTILE, true));
    String list = render("list", model);
    assertSafe(list);
    model.put("page", recordPage(HOSTILE));
    assertSafe(render("record", model));
    model.put("narrow", true);
    model.put("looks", List.of(new ThemePages.LookTab(HOSTILE, HOSTILE, true)));
    model.put("previews", List.of(new ThemePages.Preview(HOSTILE, HOSTILE)));
    assertSafe(render("theme", model));
    assertThat(list).contains("<bdi>&quot;&gt;&lt;script&gt;");
  }

  @Test
  void escapesHostileTextInTraces() {
    var model = model(HOSTILE);
    for (String name : List.of("operation", "request", "min", "chosen", "said")) {
      model.put(name, HOSTILE);
    }
    model.put("failed", true);
    model.put("slowest", true);
    model.put("names", List.of(HOSTILE));
    model.put("traces", list(HOSTILE));
    model.put("operations", list(HOSTILE));
    assertSafe(render("traces", model));
    model.put("page", recordPage(HOSTILE));
    var bar =
        new Waterfall.Bar(
            "", HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, true, 0, 100, 100, 900);
    model.put("bars", List.of(bar));
    assertSafe(render("trace", model));
  }

  @ParameterizedTest
  @ValueSource(strings = {"events", "sent", "resume"})
  void escapesHostileTextInStreams(String tab) {
    var event =
        new StreamEvent(
            HOSTILE,
            new Position(5, 7),
            0,
            5,
            HOSTILE,
            HOSTILE,
            5,
            HOSTILE,
            true,
            HOSTILE,
            HOSTILE);
    var model = model(HOSTILE);
    model.put("topic", HOSTILE);
    model.put("tab", tab);
    model.put("live", HOSTILE);
    model.put("liveFrom", HOSTILE);
    model.put("feed", false);
    model.put(
        "values", Map.of("epoch", HOSTILE, "head", HOSTILE, "oldest", HOSTILE, "rate", HOSTILE));
    model.put(
        "followers",
        List.of(new StreamPages.FollowerLine(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)));
    model.put("followersVersion", HOSTILE);
    model.put("silent", HOSTILE);
    model.put("tabs", List.of(new Tab(HOSTILE, HOSTILE, true)));
    model.put("type", HOSTILE);
    model.put("types", List.of(HOSTILE));
    model.put("from", HOSTILE);
    model.put("pages", new Pager("", "", HOSTILE, HOSTILE, HOSTILE));
    model.put("rows", List.of(StreamRows.row(event)));
    model.put("row", StreamRows.row(event));
    for (String name : List.of("epoch", "offset", "seat", "player", "payload", "rule", "reply")) {
      model.put(name, HOSTILE);
    }
    model.put("found", true);
    model.put("tested", true);
    model.put("recovered", true);
    model.put("oldest", 5);
    model.put("missed", 5);
    model.put("frames", List.of(new StreamQuery.SentFrame(HOSTILE, HOSTILE, HOSTILE, HOSTILE, 5)));
    assertSafe(render("streams", model));
  }

  @Test
  void escapesHostileTextInPagesForFirstClients() {
    var model = model(HOSTILE);
    model.put("tabs", List.of(new Tab(HOSTILE, HOSTILE, true)));
    model.put("advice", HOSTILE);
    model.put("program", HOSTILE);
    model.put("device", HOSTILE);
    model.put("again", HOSTILE);
    model.put("live", HOSTILE);
    model.put("statusVersion", HOSTILE);
    model.put("steps", List.of(new ConnectPages.Step(false, HOSTILE, HOSTILE)));
    model.put("player", Cell.player(HOSTILE, 5));
    model.put("problems", list(HOSTILE));
    assertSafe(render("connect", model));

    model.put("words", HOSTILE);
    model.put("about", HOSTILE);
    var entry = new ExplorerPages.Entry(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE);
    model.put("entries", List.of(entry));
    model.put("functions", List.of(entry));
    assertSafe(render("explorer", model));

    var fields = new ArrayList<ExplorerPages.Field>();
    for (String type : List.of("string", "boolean", "object")) {
      fields.add(
          new ExplorerPages.Field(
              new Parameter("query", type + HOSTILE, type, true, HOSTILE, List.of()), HOSTILE));
    }
    fields.add(
        new ExplorerPages.Field(
            new Parameter("body", "password", "string", false, HOSTILE, List.of()), HOSTILE));
    fields.add(
        new ExplorerPages.Field(
            new Parameter("body", "choice", "string", false, "", List.of(HOSTILE)), HOSTILE));
    model.put(
        "operation",
        new ApiOperation(
            HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, true, true, List.of()));
    model.put("tagHref", HOSTILE);
    model.put("permitted", false);
    model.put("fields", fields);
    model.put("callers", List.of(new ExplorerPages.Choice(HOSTILE, HOSTILE, true)));
    model.put("languages", List.of(new ExplorerPages.Choice(HOSTILE, HOSTILE, true)));
    model.put("snippet", HOSTILE);
    assertSafe(render("operation", model));

    model.put("enabled", false);
    model.put("running", true);
    model.put("state", HOSTILE);
    model.put("done", 1);
    model.put("total", 2);
    model.put("counts", List.of(Fact.of(HOSTILE, Cell.text(HOSTILE))));
    model.put("actions", List.of(new Action(HOSTILE, HOSTILE, 1)));
    assertSafe(render("sample", model));
  }

  @Test
  void rendersAnEmptyList() {
    var model = model("Plain");
    model.put("page", listPage("Plain", false));
    assertThat(render("list", model)).contains("<div class=\"empty\">").doesNotContain("<table");
  }

  @Test
  void rendersOneBlockAlone() throws IOException {
    var model = model("Plain");
    model.put("page", listPage("Plain", true));
    var text = new StringWriter();
    ENGINE.getTemplate("list").evaluateBlock("list", text, model);
    assertThat(text.toString().strip())
        .startsWith("<section id=\"list\"")
        .endsWith("</section>")
        .doesNotContain("<html");
  }

  @Test
  void rendersAPageForAStranger() {
    var model = model("Plain");
    model.put("signedIn", false);
    assertThat(render("error", model)).doesNotContain("<nav class=\"menu\"", "Sign out");
  }
}
