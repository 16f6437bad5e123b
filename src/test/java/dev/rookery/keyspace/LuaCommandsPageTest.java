package dev.rookery.keyspace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.keyspace.CommandInfo.Flag;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page about commands lists what the table of commands has. */
final class LuaCommandsPageTest {
  private static final Pattern ROW =
      Pattern.compile("## (?<group>.+)|\\| `(?<name>[A-Z_]+)` \\| (?<kind>\\w+) \\|(?<note>.*)\\|");

  @Test
  void listsEveryCommandUnderItsGroup() throws IOException {
    List<String> rows = new ArrayList<>();
    String group = "";
    for (String line : page().lines().toList()) {
      Matcher row = ROW.matcher(line);
      if (!row.matches()) {
        continue;
      }
      if (row.group("group") != null) {
        group = row.group("group");
      } else {
        boolean later = row.group("note").contains("From Redis 7.0 on");
        rows.add(row(group, row.group("name"), row.group("kind"), later));
      }
    }
    assertThat(rows)
        .containsExactlyInAnyOrderElementsOf(
            Keyspace.commands().stream()
                .map(
                    command ->
                        row(
                            command.group(),
                            command.name().toUpperCase(Locale.ROOT),
                            kind(command),
                            command.is(Flag.SINCE_7)))
                .toList());
  }

  private static String row(String group, String name, String kind, boolean later) {
    return group + ": " + name + " " + kind + (later ? " (7.0)" : "");
  }

  private static String kind(CommandInfo command) {
    if (command.is(Flag.NOT_SERVED)) {
      return command.is(Flag.NOT_FROM_SCRIPT) ? "refused" : "missing";
    }
    if (command.is(Flag.GROWS)) {
      return "grows";
    }
    return command.is(Flag.WRITE) ? "write" : "read";
  }

  private static String page() throws IOException {
    try (InputStream page =
        LuaCommandsPageTest.class.getResourceAsStream("/docs/lua-commands.md")) {
      assertThat(page).isNotNull();
      return new String(page.readAllBytes(), UTF_8);
    }
  }
}
