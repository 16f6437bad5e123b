package dev.rookery.edge;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The latest requests that this node has refused, for somebody who connects a client and wonders
 * why it fails. It keeps {@value #PER_ADDRESS_MAX} of each of the latest {@value #ADDRESSES_MAX}
 * addresses for {@link #KEPT_FOR}, in memory alone. Thread-safe.
 */
public final class ClientProblems {
  public static final Duration KEPT_FOR = Duration.ofMinutes(10);

  static final int ADDRESSES_MAX = 200;
  static final int PER_ADDRESS_MAX = 8;
  private static final int TARGET_MAX = 120;

  /** What browsers ask for by themselves, and pages that are no part of a client. */
  private static final List<String> IGNORED = List.of("/admin", "/favicon", "/docs", "/metrics");

  /**
   * What may be a value in a path, and a secret, such as the code of a sign-in link: a request that
   * is limited has no route yet. Names in paths are shorter.
   */
  private static final Pattern VALUE = Pattern.compile("[^/]{24,}");

  /** Paths without a route of their own. Of all others the route is kept, which has no values. */
  private static final List<String> UNROUTED = List.of("none", RequestInfo.OTHER_ROUTE);

  /**
   * A refused request.
   *
   * @param target the route, or the path if there is none
   * @param code why it was refused; empty if the status says all
   */
  public record Problem(
      long atMs, String address, String method, String target, int status, String code) {}

  private final InstantSource clock;
  private final SequencedMap<String, Deque<Problem>> byAddress = new LinkedHashMap<>();

  public ClientProblems(InstantSource clock) {
    this.clock = clock;
  }

  /** Adds a request, if its status says that it was refused. */
  void add(
      String address, String method, String path, String route, int status, @Nullable String code) {
    if (status < 400 || IGNORED.stream().anyMatch(path::startsWith)) {
      return;
    }
    String target = UNROUTED.contains(route) ? VALUE.matcher(path).replaceAll("…") : route;
    var problem =
        new Problem(
            clock.millis(),
            address,
            method,
            target.length() > TARGET_MAX ? target.substring(0, TARGET_MAX) + "…" : target,
            status,
            code == null ? "" : code);
    synchronized (byAddress) {
      // Last in the order, as the one that was heard of last.
      Deque<Problem> list = byAddress.remove(address);
      if (list == null) {
        list = new ArrayDeque<>();
      }
      if (list.size() == PER_ADDRESS_MAX) {
        list.removeFirst();
      }
      list.addLast(problem);
      byAddress.put(address, list);
      if (byAddress.size() > ADDRESSES_MAX) {
        byAddress.pollFirstEntry();
      }
    }
  }

  /** Returns the latest ones, the newest first. */
  public List<Problem> latest(int max) {
    long since = clock.millis() - KEPT_FOR.toMillis();
    var all = new ArrayList<Problem>();
    synchronized (byAddress) {
      byAddress.values().removeIf(list -> list.getLast().atMs() < since);
      byAddress.values().forEach(all::addAll);
    }
    return all.stream()
        .filter(problem -> problem.atMs() >= since)
        .sorted((one, other) -> Long.compare(other.atMs(), one.atMs()))
        .limit(max)
        .toList();
  }
}
