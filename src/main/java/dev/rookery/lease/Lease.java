package dev.rookery.lease;

/**
 * The ownership of a named resource by one run of a node.
 *
 * @param name the resource, with its kind first: {@code match/17}
 * @param run the run of the node that holds it
 * @param epoch larger than that of every earlier ownership
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
