package dev.rookery.protocol.gamend;

import dev.rookery.base.Limits;
import dev.rookery.edge.RequestBodyHandler;
import dev.rookery.script.ScriptCommand;
import java.util.Collection;

/**
 * The maximum sizes of the bodies of operations.
 *
 * @param kvValueBytesMax the maximum size of the value of a key-value entry
 * @param jarBytesMax the maximum size of an extension
 * @param bodyBytesMax the maximum size of any other body
 */
record BodyLimits(Limits limits, int kvValueBytesMax, int jarBytesMax, int bodyBytesMax) {
  /** Bytes of half a character, or a whole one of the first plane, that is written as an escape. */
  private static final int ESCAPED_BYTES = 6;

  private static final int OTHER_FIELDS_BYTES = 16 << 10;

  /**
   * The maximum size of the body of an operation: 64 KiB, or what its objects and texts need when
   * each of their characters is escaped.
   */
  int bytesMax(Operation operation) {
    if (operation.id().equals(AdminExtensionRoutes.UPLOAD)) {
      return jarBytesMax;
    }
    if (operation.id().equals(AdminGameRoutes.DEPLOY)) {
      return AdminGameRoutes.BYTES_MAX;
    }
    if (AdminScriptRoutes.isSource(operation.id())) {
      return ScriptCommand.SOURCE_BYTES_MAX;
    }
    long needed = OTHER_FIELDS_BYTES;
    for (Field field : operation.fields()) {
      needed +=
          switch (field.name()) {
            case "metadata" -> (long) ESCAPED_BYTES * limits.metadataBytesMax();
            case "data" -> (long) ESCAPED_BYTES * kvValueBytesMax;
            case "args" -> (long) ESCAPED_BYTES * HookRoutes.ARGS_BYTES_MAX;
            case "content" -> 2L * ESCAPED_BYTES * limits.chatContentMax();
            default -> 0;
          };
    }
    return (int) Math.min(bodyBytesMax, Math.max(RequestBodyHandler.BYTES_MAX, needed));
  }

  /** The largest of the maximum sizes of operations that take JSON. */
  int jsonBytesMax(Collection<Operation> operations) {
    return operations.stream()
        .filter(operation -> !isUpload(operation))
        .mapToInt(this::bytesMax)
        .max()
        .orElse(RequestBodyHandler.BYTES_MAX);
  }

  private static boolean isUpload(Operation operation) {
    return operation.id().equals(AdminExtensionRoutes.UPLOAD)
        || operation.id().equals(AdminGameRoutes.DEPLOY)
        || AdminScriptRoutes.isSource(operation.id());
  }
}
