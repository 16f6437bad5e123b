package dev.rookery.protocol.console;

import java.util.List;
import java.util.Map;

/** A page about one thing, for the template {@code record}. */
record RecordPage(
    List<Link> crumbs,
    List<Cell> badges,
    List<Link> links,
    List<ListView.Action> buttons,
    List<Tab> tabs,
    List<Section> sections) {
  /** A part of the page that has an address of its own. */
  record Tab(String text, String href, boolean current) {}

  /** A line of a list of facts. */
  record Fact(String label, List<Cell> cells) {
    static Fact of(String label, Cell... cells) {
      return new Fact(label, List.of(cells));
    }
  }

  /**
   * A section.
   *
   * @param kind {@code facts}, {@code text}, {@code table}, {@code form} or {@code charts}, which
   *     says what of the rest is used
   * @param empty what is said in place of a table without rows
   */
  record Section(
      String id,
      String title,
      String note,
      String kind,
      List<Fact> facts,
      String text,
      ListView list,
      Pager pager,
      String empty,
      FormView form,
      List<Chart> charts) {
    private static final ListView NO_LIST =
        new ListView("none", "none", List.of(), List.of(), false);

    static Section facts(String id, String title, List<Fact> facts) {
      return new Section(
          id, title, "", "facts", facts, "", NO_LIST, Pager.NONE, "", FormView.NONE, List.of());
    }

    static Section text(String id, String title, String text) {
      return new Section(
          id,
          title,
          "",
          "text",
          List.of(),
          text,
          NO_LIST,
          Pager.NONE,
          "",
          FormView.NONE,
          List.of());
    }

    static Section table(String id, String title, ListView list, Pager pager, String empty) {
      return new Section(
          id, title, "", "table", List.of(), "", list, pager, empty, FormView.NONE, List.of());
    }

    static Section form(String id, String title, FormView form) {
      return new Section(
          id, title, "", "form", List.of(), "", NO_LIST, Pager.NONE, "", form, List.of());
    }

    static Section charts(String id, String title, List<Chart> charts) {
      return new Section(
          id, title, "", "charts", List.of(), "", NO_LIST, Pager.NONE, "", FormView.NONE, charts);
    }

    Section withNote(String line) {
      return new Section(id, title, line, kind, facts, text, list, pager, empty, form, charts);
    }
  }

  /** A page without badges, links, buttons and tabs. */
  static RecordPage of(List<Link> crumbs, List<Section> sections) {
    return new RecordPage(crumbs, List.of(), List.of(), List.of(), List.of(), sections);
  }

  /** As {@link ListPage#renderLive}. */
  ConsoleView.Render renderLive(String title, String topic, String version) {
    ConsoleView.Render view = render(title);
    return new ConsoleView.Render(
        view.status(),
        view.template(),
        title,
        Map.of("page", this, "live", topic, "liveVersion", version));
  }

  ConsoleView.Render render(String title) {
    boolean refused = sections.stream().anyMatch(section -> !section.form().errors().isEmpty());
    return new ConsoleView.Render(refused ? 422 : 200, "record", title, Map.of("page", this));
  }
}
