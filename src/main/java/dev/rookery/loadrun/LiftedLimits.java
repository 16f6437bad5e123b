package dev.rookery.loadrun;

/** Lets the clients of one address make as many requests as they like, on this node. */
public interface LiftedLimits {
  /** From now on, for this address alone. */
  void lift(String address);

  /** For no address any more. */
  void restore();
}
