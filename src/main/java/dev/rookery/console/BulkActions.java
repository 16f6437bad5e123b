package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

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
   */
  public record BulkAction(
      Permission permission,
      String auditAction,
      String area,
      boolean removes,
      RowCommand command) {}

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

  Optional<BulkAction> find(String name) {
    return Optional.ofNullable(actions.get(name));
  }
}
