package dev.rookery.protocol.console;

import dev.rookery.bus.Bus;
import dev.rookery.console.ConfigEntry;
import dev.rookery.console.OperationsQuery;
import dev.rookery.console.OperationsQuery.Configuration;
import dev.rookery.console.Permission;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every key of the configuration: its value, where that came from, its default and its meaning.
 * Secrets are shown as set or not set, with the begin of a digest by which nodes can be compared.
 */
final class ConfigurationPages implements ConsoleSection {
  static final String PATH = "/admin/config";

  private static final List<SearchQuery.Key> KEYS =
      List.of(
          SearchQuery.Key.of("is", "changed, unset, secret, or differs (between nodes)"),
          SearchQuery.Key.of("source", "default, file, environment or program"));

  private final Bus bus;

  ConfigurationPages(Bus bus) {
    this.bus = bus;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(
            MenuEntry.Group.SETTINGS, "Configuration", PATH, null, Permission.CONFIG_READ));
    console.page(PATH, Permission.CONFIG_READ, this::list);
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    ListRequest list = ListRequest.of(request, KEYS, true, List.of());
    return bus.ask(new OperationsQuery.ReadConfiguration())
        .map(configuration -> page(list, configuration));
  }

  private static ConsoleView page(ListRequest list, Configuration configuration) {
    List<ConfigEntry> matching =
        configuration.entries().stream()
            .filter(entry -> isWanted(list.search(), entry, configuration))
            .toList();
    List<ConfigEntry> entries = after(list, matching);
    List<ConfigEntry> shown = entries.stream().limit(list.size()).toList();
    var rows = new ArrayList<Row>();
    for (ConfigEntry entry : shown) {
      rows.add(row(entry, configuration.differing().get(entry.key())));
    }
    var table =
        new ListView(
            "list",
            "Configuration of node " + configuration.node(),
            List.of(
                Column.of("Key", 1),
                Column.of("Value", 1),
                Column.of("Source", 2),
                Column.of("Default", 3),
                Column.of("Other nodes", 3),
                Column.of("Meaning", 4)),
            rows,
            false);
    boolean more = entries.size() > shown.size();
    var pager =
        new Pager(
            Pager.counted(matching.size()),
            "",
            list.after().isEmpty() ? "" : list.url(),
            "",
            more ? list.url("after", shown.getLast().key()) : "");
    return new ListPage(
            ListPage.Search.of(list, KEYS, "part of a key or of its meaning"),
            table,
            pager,
            "No such key",
            "Remove a filter, or look at all keys.",
            List.of(),
            List.of(
                new Link("Changed", PATH + "?q=is%3Achanged"),
                new Link("Secrets", PATH + "?q=is%3Asecret"),
                new Link("Differing", PATH + "?q=is%3Adiffers")),
            List.of())
        .render("Configuration");
  }

  private static List<ConfigEntry> after(ListRequest list, List<ConfigEntry> entries) {
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).key().equals(list.after())) {
        return entries.subList(i + 1, entries.size());
      }
    }
    return entries;
  }

  private static boolean isWanted(
      SearchQuery search, ConfigEntry entry, Configuration configuration) {
    String is = search.value("is");
    String source = search.value("source");
    String words = search.words();
    boolean differs = configuration.differing().containsKey(entry.key());
    return (is == null || is(is, entry, differs))
        && (source == null || source.equals(entry.source().name().toLowerCase(Locale.ROOT)))
        && (words == null || hasWord(entry, words));
  }

  private static boolean is(String what, ConfigEntry entry, boolean differs) {
    return switch (what) {
      case "changed" -> entry.isChanged();
      case "unset" -> entry.value() == null;
      case "secret" -> entry.secret();
      case "differs" -> differs;
      default -> false;
    };
  }

  private static boolean hasWord(ConfigEntry entry, String word) {
    String wanted = word.toLowerCase(Locale.ROOT);
    return entry.key().toLowerCase(Locale.ROOT).contains(wanted)
        || entry.meaning().toLowerCase(Locale.ROOT).contains(wanted)
        || entry.environment().stream()
            .anyMatch(name -> name.toLowerCase(Locale.ROOT).contains(wanted));
  }

  private static Row row(ConfigEntry entry, @Nullable Map<String, String> others) {
    return new Row(
        entry.key().replace('.', '-'),
        entry.key(),
        List.of(
            Cell.code(entry.key()),
            value(entry),
            source(entry),
            entry.standard() == null ? Cell.text("") : Cell.code(entry.standard()),
            Cell.text(others == null ? "" : text(entry, others)),
            Cell.text(entry.meaning() + " (" + String.join(", ", entry.environment()) + ")")));
  }

  private static Cell value(ConfigEntry entry) {
    String value = entry.value();
    if (value == null) {
      return Cell.badge("not set", "");
    }
    return entry.secret() ? Cell.badge("set, digest " + value, "good") : Cell.code(value);
  }

  private static Cell source(ConfigEntry entry) {
    return switch (entry.source()) {
      case DEFAULT -> Cell.text("default");
      case FILE, ENVIRONMENT -> Cell.code(entry.sourceName());
      case PROGRAM -> Cell.text("the program");
    };
  }

  private static String text(ConfigEntry entry, Map<String, String> others) {
    var text = new StringBuilder();
    others.forEach(
        (node, value) ->
            text.append(text.isEmpty() ? "" : "; ")
                .append(node)
                .append(": ")
                .append(value.isEmpty() ? "not set" : entry.secret() ? "digest " + value : value));
    return text.toString();
  }
}
