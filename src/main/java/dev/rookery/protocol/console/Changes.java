package dev.rookery.protocol.console;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Command;
import dev.rookery.console.Actor;
import dev.rookery.console.Admin;
import dev.rookery.console.AuditEntry;
import dev.rookery.console.AuditedChange;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.console.Permission;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the changes of the console. Each change is a command of a domain, the one that the
 * API has for it, and names what it does to what for the audit log.
 */
final class Changes {
  private final Bus bus;

  Changes(Bus bus) {
    this.bus = bus;
  }

  /**
   * Carries out a command on behalf of the admin who made the request.
   *
   * @param action what is done, the id of the operation of the API: {@code admin_ban_user}
   * @param target what it is done to, an area and an id: {@code users/12}
   * @param values the input of the action by name
   */
  <R> Future<R> make(
      ConsoleRequest request,
      Command<R> command,
      String action,
      String target,
      Map<String, @Nullable Object> values) {
    var change = change(request, action, target, values);
    return bus.ask(command, change)
        .recover(
            failure ->
                failure instanceof Refused refused
                    ? record(change, refused.refusal().code())
                        .compose(_ -> Future.failedFuture(failure))
                    : Future.failedFuture(failure))
        .compose(
            result ->
                change.needsRecord()
                    ? record(change, AuditEntry.DONE).map(_ -> result)
                    : Future.succeededFuture(result));
  }

  /** Carries out a command that the audit log describes by its action and target alone. */
  <R> Future<R> make(ConsoleRequest request, Command<R> command, String action, String target) {
    return make(request, command, action, target, Map.of());
  }

  private static AuditedChange change(
      ConsoleRequest request, String action, String target, Map<String, @Nullable Object> values) {
    Admin admin = request.admin();
    var actor =
        new Actor(
            Actor.Kind.CONSOLE,
            admin.player(),
            admin.session(),
            admin.address(),
            admin.requestId(),
            request.permission(),
            request.field("_reason"));
    return new AuditedChange(actor, action, target, values);
  }

  /** As {@link #recordRead(ConsoleRequest, String, String, Map)}, of an admin on a socket. */
  Future<?> recordRead(Admin admin, Permission permission, String action, String target) {
    var actor = Actor.of(admin, permission, "");
    return record(new AuditedChange(actor, action, target, Map.of()), AuditEntry.DONE);
  }

  private Future<?> record(AuditedChange change, String result) {
    return bus.ask(new ConsoleCommand.Record(change, result));
  }

  /** Records that something confidential was read, such as an export or a conversation. */
  Future<?> recordRead(
      ConsoleRequest request, String action, String target, Map<String, @Nullable Object> values) {
    return record(change(request, action, target, values), AuditEntry.DONE);
  }

  /** Records that a request was refused before its page was asked. */
  Future<?> recordRefused(ConsoleRequest request, String route, String code) {
    return record(change(request, "console_refused", route, Map.of()), code);
  }

  /** Returns the values by name, without those that are null. */
  static Map<String, @Nullable Object> values(@Nullable Object... namesAndValues) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      @Nullable Object value = namesAndValues[i + 1];
      if (value != null) {
        values.put(String.valueOf(namesAndValues[i]), value);
      }
    }
    return values;
  }
}
