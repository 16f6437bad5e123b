package dicegame;

import dev.rookery.extension.Extension;
import dev.rookery.extension.ExtensionContext;

/** Adds a turn-based game. Players open rooms of it with {@code {"gameKey": "dice"}}. */
public final class DiceGameExtension implements Extension {
  @Override
  public void start(ExtensionContext context) {
    context.games().add(new DiceGame());
  }
}
