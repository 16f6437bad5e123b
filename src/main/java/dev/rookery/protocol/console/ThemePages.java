package dev.rookery.protocol.console;

import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.console.ThemeCommand;
import dev.rookery.console.ThemeCommand.NodeThemes;
import dev.rookery.console.ThemeState;
import dev.rookery.console.ThemeState.Contrast;
import dev.rookery.console.ThemeState.Finding;
import dev.rookery.console.ThemeState.ThemeLanguage;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The theme of the player pages: what each node has read, what is wrong in its files, the contrast
 * of its colours, how pages look with it, and reading it again.
 */
final class ThemePages implements ConsoleSection {
  private static final String PATH = "/admin/theme";
  private static final String LANGUAGE = "language";
  private static final String LOOK = "look";
  private static final String LIGHT = "light";
  private static final String DARK = "dark";
  private static final String PHONE = "phone";
  private static final String RIGHT_TO_LEFT = "rtl";
  private static final String ENGLISH = "en";
  private static final String ARABIC = "ar";
  private static final Set<String> LOOKS = Set.of(LIGHT, DARK, PHONE, RIGHT_TO_LEFT);

  private final Bus bus;
  private final Changes changes;

  /** A tab of the preview. */
  record LookTab(String text, String href, boolean current) {}

  /** A page in a frame. */
  record Preview(String title, String address) {}

  ThemePages(Bus bus, Changes changes) {
    this.bus = bus;
    this.changes = changes;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(MenuEntry.Group.SETTINGS, "Theme", PATH, null, Permission.THEME_READ));
    console.page(PATH, Permission.THEME_READ, this::show);
    console.action(PATH + "/reload", Permission.THEME_EDIT, this::reload);
    console.message("theme-read", "The nodes have read their files again.");
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    return bus.ask(new ThemeCommand.ShowTheme()).map(themes -> page(request, themes));
  }

  private Future<ConsoleView> reload(ConsoleRequest request) {
    return changes
        .make(request, new ThemeCommand.ReloadTheme(), "admin_reload_theme", "theme")
        .map(_ -> ConsoleView.done(PATH, "theme-read"));
  }

  private static ConsoleView page(ConsoleRequest request, NodeThemes themes) {
    String wanted = request.query(LOOK);
    String look = LOOKS.contains(wanted) ? wanted : LIGHT;
    String chosen = request.query(LANGUAGE);
    String language =
        look.equals(RIGHT_TO_LEFT) ? ARABIC : chosen.matches("[A-Za-z-]{2,8}") ? chosen : ENGLISH;
    var record =
        new RecordPage(
            List.of(),
            List.of(),
            List.of(),
            request.may(Permission.THEME_EDIT)
                ? List.of(new Action("Read the files again", PATH + "/reload", 0))
                : List.of(),
            List.of(),
            List.of(nodes(themes), findings(themes), languages(themes, look), contrasts(themes)));
    return ConsoleView.page(
        "theme",
        "Theme",
        Map.of(
            "page", record,
            "narrow", look.equals(PHONE),
            "looks", looks(look, language),
            "previews", previews(look.equals(DARK) ? DARK : LIGHT, language)));
  }

  private static List<LookTab> looks(String look, String language) {
    var tabs = new ArrayList<LookTab>();
    List.of(
            Map.entry(LIGHT, "Light"),
            Map.entry(DARK, "Dark"),
            Map.entry(PHONE, "Phone"),
            Map.entry(RIGHT_TO_LEFT, "Right to left"))
        .forEach(
            tab ->
                tabs.add(
                    new LookTab(
                        tab.getValue(),
                        address(tab.getKey(), language) + "#preview",
                        tab.getKey().equals(look))));
    return tabs;
  }

  private static String address(String look, String language) {
    return PATH + "?look=" + look + "&language=" + language;
  }

  private static List<Preview> previews(String scheme, String language) {
    String query = "?scheme=" + scheme + "&language=" + language;
    return List.of(
        new Preview("Home", "/theme/preview/home" + query),
        new Preview("Sign in", "/theme/preview/log-in" + query),
        new Preview("Leaderboards", "/theme/preview/leaderboards" + query));
  }

  private static Section nodes(NodeThemes themes) {
    var facts = new ArrayList<Fact>();
    themes
        .nodes()
        .forEach(
            (name, theme) ->
                facts.add(
                    theme.file().isEmpty()
                        ? Fact.of(name, Cell.text("no theme"))
                        : Fact.of(name, Cell.code(theme.file()), Cell.time(theme.readMs()))));
    String silent =
        themes.silent().isEmpty()
            ? ""
            : " No answer from " + String.join(", ", themes.silent()) + ".";
    return Section.facts("nodes", "On the nodes", facts)
        .withNote(
            "Each node reads the file on its own disk, which THEME_CONFIG names, and reads it again"
                + " when it has changed. Without one it shows plain pages."
                + silent);
  }

  private static Section findings(NodeThemes themes) {
    var columns =
        List.of(
            Column.of("File", 1),
            Column.of("Line", 1),
            Column.of("What is wrong", 1),
            Column.of("Effect", 2),
            Column.of("Node", 3));
    var rows = new ArrayList<Row>();
    themes
        .nodes()
        .forEach((name, theme) -> theme.findings().forEach(one -> rows.add(row(rows, name, one))));
    return Section.table(
        "findings",
        "Errors in the files",
        new ListView("findings", "Errors in the files", columns, rows, false),
        Pager.NONE,
        "None.");
  }

  private static Row row(List<Row> rows, String node, Finding finding) {
    return new Row(
        Integer.toString(rows.size()),
        finding.text(),
        List.of(
            Cell.code(finding.file()),
            finding.line() == 0 ? Cell.text("") : Cell.number(finding.line()),
            Cell.text(finding.text()),
            finding.error()
                ? Cell.badge("the previous theme is used", "bad")
                : Cell.badge("ignored", "warn"),
            Cell.text(node)));
  }

  /** That of the first node that has one; on all nodes it should be the same. */
  private static ThemeState first(NodeThemes themes) {
    return themes.nodes().values().stream()
        .filter(theme -> !theme.file().isEmpty())
        .findFirst()
        .orElse(ThemeState.NONE);
  }

  private static Section languages(NodeThemes themes, String look) {
    var columns =
        List.of(
            Column.of("Language", 1),
            Column.of("Name of the game", 1),
            Column.of("File", 2),
            Column.of("Preview", 1));
    var rows = new ArrayList<Row>();
    String shown = look.equals(RIGHT_TO_LEFT) ? LIGHT : look;
    for (ThemeLanguage one : first(themes).languages()) {
      rows.add(
          new Row(
              one.tag(),
              one.name(),
              List.of(
                  Cell.text(one.name()),
                  Cell.text(one.title()),
                  Cell.code(one.file()),
                  Cell.link("Preview", address(shown, one.tag()) + "#preview"))));
    }
    return Section.table(
        "languages",
        "Languages",
        new ListView("languages", "Languages", columns, rows, false),
        Pager.NONE,
        "There is no theme. The documentation has an example file under Theming.");
  }

  private static Section contrasts(NodeThemes themes) {
    var columns =
        List.of(
            Column.of("Text", 1),
            Column.of("Background", 1),
            Column.of("Pages", 1),
            Column.of("Contrast", 1),
            Column.of("Result", 1),
            Column.of("Theme", 3));
    var rows = new ArrayList<Row>();
    for (Contrast one : first(themes).contrasts()) {
      rows.add(
          new Row(
              Integer.toString(rows.size()),
              one.text() + " on " + one.background(),
              List.of(
                  Cell.code("--" + one.text()),
                  Cell.code("--" + one.background()),
                  Cell.text(one.dark() ? DARK : LIGHT),
                  Cell.text(String.format(Locale.ENGLISH, "%.1f to 1", one.ratio())),
                  one.enough()
                      ? Cell.badge("enough", "good")
                      : Cell.badge("too little, 4.5 is needed", "bad"),
                  Cell.code(one.sheet()))));
    }
    return Section.table(
            "contrasts",
            "Contrast of the colours",
            new ListView("contrasts", "Contrast of the colours", columns, rows, false),
            Pager.NONE,
            "The theme has no style sheet, so the colours are those of the server.")
        .withNote("Only colours in the form #24568a are measured.");
  }
}
