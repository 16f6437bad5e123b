package dev.rookery.extensionhost;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.extension.Committed;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The hooks of the extensions of this node, which run before and after changes of the server. */
public final class HookCalls {
  private final Set<ExtensionInstance> instances;
  private final ActiveVersions active;
  private final UserLookup users;

  /**
   * @param instances all versions that are not stopped yet
   */
  HookCalls(Set<ExtensionInstance> instances, ActiveVersions active, UserLookup users) {
    this.instances = instances;
    this.active = active;
    this.users = users;
  }

  /** Whether any extension has such a hook. */
  public boolean isAny(HookPoint point) {
    return active.hasHooks(point);
  }

  /**
   * Runs the hooks of all extensions before a change, by the names of the extensions; the first
   * that refuses or fails ends it. The outcome has the change as they leave it.
   *
   * @return null if no extension has such a hook
   */
  public @Nullable Future<CallOutcome> before(HookPoint point, Object change) {
    return active.before(point, change);
  }

  /**
   * After which changes the versions of this node have hooks, also those that take no calls yet.
   */
  public Set<AfterPoint> awaitedChanges() {
    var points = EnumSet.noneOf(AfterPoint.class);
    instances.forEach(instance -> points.addAll(instance.afterHooks().points()));
    return points;
  }

  /** After which changes the versions that take calls have hooks, by extension. */
  public Map<String, Set<AfterPoint>> followedChanges() {
    return active.byExtension(instance -> instance.afterHooks().points(), Set::isEmpty);
  }

  /** Runs the hooks of one extension after a change. The result does not fail. */
  public Future<CallOutcome> after(String extension, AfterPoint point, Committed<Object> event) {
    return active.runUncounted(extension, instance -> instance.invocations().after(point, event));
  }

  /**
   * The display name of a player; empty if they have none, or do not exist any more. Blocks.
   *
   * @throws RuntimeException if the player cannot be read now
   */
  public String displayName(PlayerId player) {
    try {
      return users.find(player).await().displayName();
    } catch (Refused refused) {
      if (refused.refusal() instanceof Refusal.Missing) {
        return "";
      }
      throw refused;
    }
  }

  /** The hooks of an extension with their figures; empty if it does not run here. */
  List<ExtensionCommand.HookFigures> figures(String extension) {
    ExtensionInstance running = active.find(extension);
    if (running == null) {
      return List.of();
    }
    var figures = new ArrayList<ExtensionCommand.HookFigures>();
    for (HookPoint point : HookPoint.values()) {
      if (running.hooks().has(point)) {
        figures.add(
            running.invocations().hookCounts().figures(point, running.hooks().at(point).size()));
      }
    }
    for (AfterPoint point : AfterPoint.values()) {
      int hooks = running.afterHooks().at(point).size();
      if (hooks > 0) {
        figures.add(new ExtensionCommand.HookFigures(point.name(), false, hooks, 0, 0, 0, 0));
      }
    }
    return figures;
  }
}
