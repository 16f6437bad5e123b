package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * The actions that jobs carry out on rows. The pages of the console register them, so every node
 * with pages can go on with a job.
 */
public final class BulkActions {
  private final Map<String, BulkAction> actions = new ConcurrentHashMap<>();

  /**
   * An action.
   *
   * @param permission that the admin must have as long as the job runs
   * @param auditAction what the audit log calls it, the id of the operation of the API
   * @param area of the target in the audit log, such as {@code users}
   * @param removes whether a row is gone when it is done; one that is gone at the second try was
   *     then removed by the first
   * @param input what the admin gives for it
   */
  public record BulkAction(
      Permission permission,
      String auditAction,
      String area,
      boolean removes,
      RowCommand command,
      InputReader input) {
    /** An action for which nothing is typed. */
    public BulkAction(
        Permission permission,
        String auditAction,
        String area,
        boolean removes,
        RowCommand command) {
      this(permission, auditAction, area, removes, command, _ -> Map.of());
    }

    /** The same action with what is typed for it. */
    public BulkAction reading(InputReader reader) {
      return new BulkAction(permission, auditAction, area, removes, command, reader);
    }
  }

  /** Reads what an admin gives for an action, and refuses what is not valid. */
  @FunctionalInterface
  public interface InputReader {
    /**
     * @param given the text of a field; empty if absent
     */
    Map<String, Object> read(UnaryOperator<String> given);
  }

  /** The command of a row. Repeating it must do no harm. */
  @FunctionalInterface
  public interface RowCommand {
    /**
     * @param key the same at each try, and of no other row
     */
    Command<?> of(long row, PlayerId admin, Map<String, Object> input, String key);
  }

  public void register(String name, BulkAction action) {
    actions.put(name, action);
  }

  /** The names of those that are registered, in their order. */
  List<String> names() {
    return actions.keySet().stream().sorted().toList();
  }

  /** Returns the action of that name: the list and the verb, {@code users.ban}. */
  public Optional<BulkAction> find(String name) {
    return Optional.ofNullable(actions.get(name));
  }
}
