package dev.rookery.console;

import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The steps of the setup that are done, as rows. */
final class SetupStore {
  /** Steps that others see and that are stored from then on. */
  private static final Set<SetupStep> STORED =
      Set.of(SetupStep.PLAYER, SetupStep.SOCKET, SetupStep.LOBBY, SetupStep.EMAIL);

  private static final String FIND =
      """
      SELECT name FROM console_state WHERE name = 'owned' OR name LIKE 'setup.%'
      UNION ALL
      SELECT 'factor' AS name
      WHERE EXISTS (SELECT player_id FROM console_factor WHERE confirmed = 1)
        OR EXISTS (SELECT player_id FROM console_passkey)
      """;

  private static final String MARK =
      "INSERT INTO console_state (name, value) VALUES ($1, '1') ON CONFLICT DO NOTHING";

  /** Returns the steps that are done, in a set of the caller's own. */
  Set<SetupStep> find(Reader reader) {
    Set<String> names = Set.copyOf(reader.read(FIND).all(row -> row.text("name")));
    var done = EnumSet.noneOf(SetupStep.class);
    for (SetupStep step : SetupStep.values()) {
      if (names.contains(name(step))) {
        done.add(step);
      }
    }
    return done;
  }

  /** Returns those steps that are stored once they were seen. */
  static Set<SetupStep> stored(Set<SetupStep> steps) {
    var stored = EnumSet.noneOf(SetupStep.class);
    stored.addAll(steps);
    stored.retainAll(STORED);
    return stored;
  }

  /** Stores steps, each of which is one of {@link #stored}. */
  void mark(Transaction tx, Set<SetupStep> steps) {
    steps.forEach(step -> tx.run(MARK, name(step)));
  }

  private static String name(SetupStep step) {
    return switch (step) {
      case OWNER -> "owned";
      case FACTOR -> "factor";
      // The backup is stored by what makes it.
      case PLAYER, SOCKET, LOBBY, EMAIL, BACKUP -> "setup." + step.name().toLowerCase(Locale.ROOT);
    };
  }
}
