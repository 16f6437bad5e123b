package dev.rookery.console;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Decides how many leases of which kind go from which run to which. Kinds are balanced each by
 * itself: a room weighs otherwise than a periodic job.
 */
final class MovePlanner {
  /** One lease of a kind that changes its run. */
  record Transfer(String kind, long from, long to) {}

  private final Map<String, Map<Long, Long>> counts = new TreeMap<>();
  private final Set<Long> ready;

  /**
   * @param counts by kind the number of leases of each living run
   * @param ready the runs that can get leases
   */
  MovePlanner(Map<String, Map<Long, Long>> counts, Set<Long> ready) {
    counts.forEach((kind, byRun) -> this.counts.put(kind, new HashMap<>(byRun)));
    this.ready = Set.copyOf(ready);
  }

  /** Evens out what the ready runs have of each kind, with at most {@code max} transfers. */
  List<Transfer> balance(int max) {
    var transfers = new ArrayList<Transfer>();
    for (String kind : counts.keySet()) {
      while (transfers.size() < max) {
        long most = mostOf(kind);
        long least = leastOf(kind, most);
        if (count(kind, most) - count(kind, least) < 2) {
          break;
        }
        transfers.add(transfer(kind, most, least));
      }
    }
    return transfers;
  }

  /**
   * Spreads some of what a run has over the other ready runs, mostly of the kinds of which it has
   * most.
   */
  List<Transfer> share(long from, int max) {
    var transfers = new ArrayList<Transfer>();
    while (transfers.size() < max && ready.stream().anyMatch(run -> run != from)) {
      String kind =
          counts.keySet().stream()
              .max(Comparator.comparingLong(each -> count(each, from)))
              .orElse("");
      if (count(kind, from) == 0) {
        break;
      }
      transfers.add(transfer(kind, from, leastOf(kind, from)));
    }
    return transfers;
  }

  private Transfer transfer(String kind, long from, long to) {
    Map<Long, Long> byRun = counts.computeIfAbsent(kind, _ -> new HashMap<>());
    byRun.merge(from, -1L, Long::sum);
    byRun.merge(to, 1L, Long::sum);
    return new Transfer(kind, from, to);
  }

  private long count(String kind, long run) {
    return counts.getOrDefault(kind, Map.of()).getOrDefault(run, 0L);
  }

  private long mostOf(String kind) {
    return ready.stream()
        .sorted()
        .max(Comparator.comparingLong(run -> count(kind, run)))
        .orElse(0L);
  }

  private long leastOf(String kind, long except) {
    return ready.stream()
        .filter(run -> run != except)
        .sorted()
        .min(Comparator.comparingLong(run -> count(kind, run)))
        .orElse(except);
  }
}
