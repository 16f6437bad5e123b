package dev.rookery.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A command that carries an idempotency key is carried out once: the answer is stored with the key
 * in the same transaction, for a day, and a command that is sent again because its answer was lost
 * is answered from there. Refusals are not stored: what was refused may be tried again.
 *
 * <p>A batch looks up the answers of all its commands with one statement before it carries them
 * out, and stores the new answers with one statement at its end. Of two transactions with the same
 * key the second to store finds the key taken, has to undo its work, and finds the answer when it
 * is tried again. So does one that is refused, if another has carried it out while it waited for a
 * lock.
 *
 * @param player whose key it is; other players may use the same text
 * @param key 1 to {@value #KEY_LENGTH_MAX} characters, chosen by the client
 * @param command the kind of command; a key is good for one kind
 */
public record IdempotentCommand(PlayerId player, String key, String command) {
  private static final int KEY_LENGTH_MAX = 200;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private static final String FIND =
      """
      SELECT idempotency.player_id, idempotency.idem_key, idempotency.command, idempotency.answer
      FROM %s JOIN idempotency ON idempotency.player_id = CAST(given.column1 AS BIGINT)
        AND idempotency.idem_key = given.column2
      """;

  // A second transaction with the same key waits here until the first one has ended.
  private static final String STORE =
      """
      INSERT INTO idempotency (player_id, idem_key, command, answer, at_ms)
      SELECT CAST(column1 AS BIGINT), column2, column3, column4, CAST($1 AS BIGINT)
      FROM %s WHERE column1 IS NOT NULL
      ON CONFLICT (player_id, idem_key) DO NOTHING
      RETURNING player_id, idem_key
      """;

  private static final String FORGET = "DELETE FROM idempotency WHERE player_id = $1";

  private static final Map<Dialect, StatementTexts> TEXTS =
      Map.of(Dialect.SQLITE, new StatementTexts(), Dialect.POSTGRES, new StatementTexts());

  // The order in which all transactions wait for each other's keys.
  private static final Comparator<IdempotentCommand> ORDER =
      Comparator.<IdempotentCommand>comparingLong(one -> one.player.value())
          .thenComparing(one -> one.key);

  /**
   * Null without a key.
   *
   * @param player null for the server, which has no keys
   * @throws Refused invalid {@code idempotency_key} if it is empty or too long
   */
  public static @Nullable IdempotentCommand of(
      @Nullable PlayerId player, @Nullable String key, String command) {
    if (key == null || player == null) {
      return null;
    }
    if (key.isEmpty() || key.length() > KEY_LENGTH_MAX) {
      throw Refused.invalid(
          "idempotency_key", "should be 1 to " + KEY_LENGTH_MAX + " character(s)");
    }
    return new IdempotentCommand(player, key, command);
  }

  /** Looks up what was answered before to at most {@link Placeholders#MANY_MAX} commands. */
  public static Answers answers(Transaction tx, Collection<IdempotentCommand> commands) {
    var found = new HashMap<Id, Stored>();
    if (!commands.isEmpty()) {
      var given = new ValuesTable(2);
      commands.forEach(one -> given.add(one.player, one.key));
      given
          .run(tx, texts(tx), FIND)
          .all(row -> row)
          .forEach(
              row -> found.put(Id.of(row), new Stored(row.text("command"), row.text("answer"))));
    }
    return new Answers(found);
  }

  /**
   * Stores the answers of at most {@link Placeholders#MANY_MAX} commands, for which {@link
   * #answers} found none.
   *
   * @param answers records or other values that survive JSON
   * @return the commands whose key another transaction has used meanwhile: the caller must undo
   *     everything, see {@link Batcher.LostRace}
   */
  public static Set<IdempotentCommand> store(
      Transaction tx, Map<IdempotentCommand, Object> answers) {
    if (answers.isEmpty()) {
      return Set.of();
    }
    var given = new ValuesTable(4);
    answers.keySet().stream()
        .sorted(ORDER)
        .forEach(one -> given.add(one.player, one.key, one.command, written(answers.get(one))));
    Set<Id> stored =
        given.run(tx, texts(tx), STORE, tx.now().toEpochMilli()).all(Id::of).stream()
            .collect(Collectors.toSet());
    var lost = new HashSet<>(answers.keySet());
    lost.removeIf(one -> stored.contains(Id.of(one)));
    return lost;
  }

  /**
   * Carries out one command, or answers what it was answered before.
   *
   * @param command null if it came without a key
   * @param work changes the database, and returns a record or another value that survives JSON
   * @throws Refused {@code Unavailable("busy")} if another transaction carries out the same command
   *     at this moment; {@code Conflict("idempotency_key_reused")}
   */
  public static <T> T once(
      Transaction tx, @Nullable IdempotentCommand command, Class<T> type, Supplier<T> work) {
    if (command == null) {
      return work.get();
    }
    Optional<T> before = answers(tx, List.of(command)).find(command, type);
    if (before.isPresent()) {
      return before.get();
    }
    T answer;
    try {
      answer = work.get();
    } catch (Refused refused) {
      // What refuses it may be its own effect, of a transaction that this one waited for.
      throw answers(tx, List.of(command)).has(command)
          ? new Refused(new Refusal.Unavailable("busy"))
          : refused;
    }
    if (!store(tx, Map.of(command, answer)).isEmpty()) {
      throw new Refused(new Refusal.Unavailable("busy"));
    }
    return answer;
  }

  /** The refusal of a command with the key of a different one. */
  public static Refused reused() {
    return Refused.conflict("idempotency_key_reused");
  }

  /** Forgets all answers to a player whose account is removed. */
  public static void forget(Transaction tx, PlayerId player) {
    tx.run(FORGET, player.value());
  }

  private static StatementTexts texts(Transaction tx) {
    return Objects.requireNonNull(TEXTS.get(tx.dialect()));
  }

  private static String written(@Nullable Object answer) {
    try {
      return JSON.writeValueAsString(answer);
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException("cannot write the answer " + answer, broken);
    }
  }

  /** Answers that were stored before. */
  public static final class Answers {
    private final Map<Id, Stored> found;

    private Answers(Map<Id, Stored> found) {
      this.found = found;
    }

    /** Whether the key was used before. */
    boolean has(IdempotentCommand command) {
      return found.containsKey(Id.of(command));
    }

    /**
     * What the command was answered before; empty if it was not carried out yet, or has no key.
     *
     * @throws Refused {@code Conflict("idempotency_key_reused")} if the key was used for another
     *     kind of command
     */
    public <T> Optional<T> find(@Nullable IdempotentCommand command, Class<T> type) {
      Stored stored = command == null ? null : found.get(Id.of(command));
      if (command == null || stored == null) {
        return Optional.empty();
      }
      if (!stored.command.equals(command.command)) {
        throw reused();
      }
      try {
        return Optional.of(JSON.readValue(stored.answer, type));
      } catch (JsonProcessingException broken) {
        throw new IllegalStateException("cannot read an answer of " + type, broken);
      }
    }
  }

  private record Stored(String command, String answer) {}

  private record Id(long player, String key) {
    static Id of(IdempotentCommand command) {
      return new Id(command.player.value(), command.key);
    }

    static Id of(Row row) {
      return new Id(row.number("player_id"), row.text("idem_key"));
    }
  }
}
