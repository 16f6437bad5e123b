package dev.rookery.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A command that is sent again, because its answer was lost, is not done again: the answer is
 * remembered in the transaction that did it, for a day.
 */
public final class IdempotentCommand {
  private static final int KEY_LENGTH_MAX = 200;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  // A second transaction with the same key waits here until the first one has ended.
  private static final String CLAIM =
      """
      INSERT INTO idempotency (player_id, idem_key, command, answer, at_ms)
      VALUES ($1, $2, $3, NULL, $4)
      ON CONFLICT (player_id, idem_key) DO NOTHING
      RETURNING command
      """;

  private static final String FIND =
      "SELECT command, answer FROM idempotency WHERE player_id = $1 AND idem_key = $2";

  private static final String REMEMBER =
      "UPDATE idempotency SET answer = $1 WHERE player_id = $2 AND idem_key = $3";

  private static final String FORGET = "DELETE FROM idempotency WHERE player_id = $1";

  private IdempotentCommand() {}

  /**
   * What the player was answered when he last sent this key; empty if he never did, or if the key
   * is null. For commands that look around before their transaction.
   *
   * @throws Refused {@code idempotency_key_reused} if the key was used for another command
   */
  public static <T> Optional<T> answered(
      Reader reader, PlayerId player, @Nullable String key, String command, Class<T> answerType) {
    return key == null
        ? Optional.empty()
        : reader.read(FIND, player.value(), key).first(row -> remembered(row, command, answerType));
  }

  /**
   * Does the work, or answers what it answered when the player last sent this key. Refusals are not
   * remembered: what was refused may be tried again.
   *
   * @param key null to do the work in any case
   * @param command the kind of command; a key is good for one
   * @param answerType a record or another type that survives JSON
   * @throws Refused {@code idempotency_key_reused} if the key was used for another command
   */
  public static <T> T once(
      Transaction tx,
      PlayerId player,
      @Nullable String key,
      String command,
      Class<T> answerType,
      Supplier<T> work) {
    if (key == null) {
      return work.get();
    }
    if (key.isEmpty() || key.length() > KEY_LENGTH_MAX) {
      throw Refused.invalid(
          "idempotency_key", "should be 1 to " + KEY_LENGTH_MAX + " character(s)");
    }
    boolean first = !tx.run(CLAIM, player.value(), key, command, tx.now().toEpochMilli()).isEmpty();
    if (!first) {
      return remembered(tx.run(FIND, player.value(), key).row(0), command, answerType);
    }
    T answer = work.get();
    tx.run(REMEMBER, written(answer), player.value(), key);
    return answer;
  }

  /** For one who is gone for good. */
  public static void forget(Transaction tx, PlayerId player) {
    tx.run(FORGET, player.value());
  }

  private static <T> T remembered(Row row, String command, Class<T> answerType) {
    if (!row.text("command").equals(command)) {
      throw Refused.conflict("idempotency_key_reused");
    }
    try {
      return JSON.readValue(row.text("answer"), answerType);
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException("cannot read an answer of " + answerType, broken);
    }
  }

  private static String written(Object answer) {
    try {
      return JSON.writeValueAsString(answer);
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException("cannot write an answer of " + answer.getClass(), broken);
    }
  }
}
