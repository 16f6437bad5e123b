package dev.rookery.protocol.console;

/** A group of pages of the console that belong together, such as those of lobbies. */
public interface ConsoleSection {
  /** Registers its pages, its actions and its entry in the menu. Called once. */
  void register(ConsoleRouter console);
}
