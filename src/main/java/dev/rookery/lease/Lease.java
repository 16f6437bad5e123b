package dev.rookery.lease;

/**
 * One tenure of an owner.
 *
 * @param name of what is owned, its kind first: {@code match/17}
 * @param run of the node that took it
 * @param epoch higher than that of every tenure before
 */
public record Lease(String name, long run, long epoch) {
  String kind() {
    return kind(name);
  }

  static String kind(String name) {
    int slash = name.indexOf('/');
    return slash < 0 ? name : name.substring(0, slash);
  }
}
