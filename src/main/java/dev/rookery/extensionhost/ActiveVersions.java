package dev.rookery.extensionhost;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The versions that take calls, and why others do not. Calls read by one volatile read; changes
 * copy the maps, and are made by one thread at a time.
 */
final class ActiveVersions {
  private static final Future<CallOutcome> NOT_FOUND =
      Future.succeededFuture(new CallOutcome.Failed(CallOutcome.Failure.EXTENSION_NOT_FOUND));
  private static final Future<CallOutcome> WITHOUT_ENTRY_POINT =
      Future.succeededFuture(new CallOutcome.Failed(CallOutcome.Failure.MISSING_HOOKS_MODULE));

  private final CallMeters callMeters;
  private volatile Map<String, Active> active = Map.of();
  private volatile Map<HookPoint, List<String>> hooked = Map.of();
  private volatile Map<String, Failure> failures = Map.of();

  /** A version that takes calls. */
  private record Active(ExtensionInstance instance, Instant since) {}

  /** Why a version did not start. */
  record Failure(String version, String digest, String reason, boolean noEntryPoint) {}

  ActiveVersions(CallMeters callMeters) {
    this.callMeters = callMeters;
  }

  int count() {
    return active.size();
  }

  int failureCount() {
    return failures.size();
  }

  @Nullable ExtensionInstance find(String extension) {
    Active serving = active.get(extension);
    return serving == null ? null : serving.instance();
  }

  void put(String extension, ExtensionInstance instance, Instant since) {
    setActive(with(active, extension, new Active(instance, since)));
  }

  void remove(String extension) {
    setActive(with(active, extension, null));
  }

  /** Returns those that took calls. */
  List<ExtensionInstance> removeAll() {
    List<ExtensionInstance> before = active.values().stream().map(Active::instance).toList();
    setActive(Map.of());
    return before;
  }

  void reportFailure(String extension, Failure failure) {
    failures = with(failures, extension, failure);
  }

  void forgetFailure(String extension) {
    failures = with(failures, extension, null);
  }

  private static <V> Map<String, V> with(Map<String, V> map, String name, @Nullable V value) {
    var next = new TreeMap<>(map);
    if (value == null) {
      next.remove(name);
    } else {
      next.put(name, value);
    }
    return Map.copyOf(next);
  }

  private void setActive(Map<String, Active> next) {
    active = next;
    var points = new EnumMap<HookPoint, List<String>>(HookPoint.class);
    for (HookPoint point : HookPoint.values()) {
      List<String> names =
          next.entrySet().stream()
              .filter(each -> each.getValue().instance().hooks().has(point))
              .map(Map.Entry::getKey)
              .sorted()
              .toList();
      if (!names.isEmpty()) {
        points.put(point, names);
      }
    }
    hooked = points;
  }

  /** Whether any extension has hooks before changes. */
  boolean hasHooks() {
    return !hooked.isEmpty();
  }

  boolean hasHooks(HookPoint point) {
    return hooked.containsKey(point);
  }

  /** A part of each version that takes calls, by extension; without those that are left out. */
  <T> Map<String, T> byExtension(Function<ExtensionInstance, T> part, Predicate<T> leftOut) {
    var parts = new TreeMap<String, T>();
    active.forEach(
        (name, each) -> {
          T own = part.apply(each.instance());
          if (!leftOut.test(own)) {
            parts.put(name, own);
          }
        });
    return parts;
  }

  /** See {@link HookCalls#before}. */
  @Nullable Future<CallOutcome> before(HookPoint point, Object change) {
    List<String> names = hooked.get(point);
    return names == null ? null : before(point, change, CallDepth.current() + 1, names.iterator());
  }

  private Future<CallOutcome> before(
      HookPoint point, Object change, int depth, Iterator<String> remaining) {
    while (remaining.hasNext()) {
      String name = remaining.next();
      Future<CallOutcome> outcome = null;
      Active serving = active.get(name);
      while (serving != null && outcome == null) {
        outcome = serving.instance().invocations().before(point, change, depth);
        // Null if the version has been replaced between both lines.
        serving = active.get(name);
      }
      if (outcome != null) {
        return outcome.compose(
            ended ->
                ended instanceof CallOutcome.Returned(var left) && left != null
                    ? before(point, left, depth, remaining)
                    : Future.succeededFuture(ended));
      }
    }
    return Future.succeededFuture(new CallOutcome.Returned(change));
  }

  /** Runs a hook after a change, or a job, which the figures of calls do not count. */
  Future<CallOutcome> runUncounted(
      String extension, Function<ExtensionInstance, @Nullable Future<CallOutcome>> call) {
    while (true) {
      Active serving = active.get(extension);
      if (serving == null) {
        return NOT_FOUND;
      }
      Future<CallOutcome> outcome = call.apply(serving.instance());
      // Null if the version has been replaced between both lines.
      if (outcome != null) {
        return outcome;
      }
    }
  }

  /** Runs a call of the version that serves; again if it was replaced in between. */
  Future<CallOutcome> run(
      String extension, Function<ExtensionInstance, @Nullable Future<CallOutcome>> call) {
    while (true) {
      Active serving = active.get(extension);
      if (serving == null) {
        Failure failed = failures.get(extension);
        return failed != null && failed.noEntryPoint() ? WITHOUT_ENTRY_POINT : NOT_FOUND;
      }
      long started = System.nanoTime();
      Future<CallOutcome> result = call.apply(serving.instance());
      // Null if the version has been replaced between both lines.
      if (result != null) {
        return result.onSuccess(
            outcome -> callMeters.count(extension, outcome, System.nanoTime() - started));
      }
    }
  }

  List<ExtensionStatus> list() {
    Map<String, Active> running = active;
    Map<String, Failure> failed = failures;
    return Stream.concat(running.keySet().stream(), failed.keySet().stream())
        .distinct()
        .sorted()
        .map(name -> status(name, running.get(name), failed.get(name)))
        .toList();
  }

  private static ExtensionStatus status(
      String name, @Nullable Active running, @Nullable Failure failed) {
    String error = failed == null ? null : failed.reason();
    if (running == null) {
      return new ExtensionStatus(
          name,
          failed == null ? "" : failed.version(),
          failed == null ? "" : failed.digest(),
          ExtensionStatus.State.FAILED,
          error,
          null,
          Duration.ZERO,
          0,
          0,
          Duration.ZERO,
          0);
    }
    ExtensionInstance instance = running.instance();
    return new ExtensionStatus(
        name,
        instance.jar().version(),
        instance.jar().digest(),
        ExtensionStatus.State.RUNNING,
        error,
        running.since(),
        instance.startTime(),
        instance.calls().ended(),
        instance.calls().errors(),
        instance.calls().timeSpent(),
        instance.calls().inUse());
  }
}
