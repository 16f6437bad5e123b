package dev.rookery.extensionhost;

import dev.rookery.extension.ProcessExit;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.constantpool.MethodRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/**
 * Replaces calls that would end the process in classes of extensions. What ends it in another way,
 * such as by reflection, is not found.
 */
final class ExitCalls {
  private static final ClassDesc GUARD = ClassDesc.of(ProcessExit.class.getName());
  private static final ClassDesc RUNTIME = ClassDesc.of("java.lang.Runtime");
  private static final MethodTypeDesc STATIC =
      MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int);
  private static final MethodTypeDesc OF_RUNTIME =
      MethodTypeDesc.of(ConstantDescs.CD_void, RUNTIME, ConstantDescs.CD_int);

  private ExitCalls() {}

  /**
   * Returns the class without such calls, the same bytes if it has none.
   *
   * @param loader finds the classes that it refers to
   */
  static byte[] replaced(byte[] bytes, ClassLoader loader) {
    ClassFile format =
        ClassFile.of(
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(loader)
                    .orElse(
                        ClassHierarchyResolver.ofResourceParsing(
                            ExitCalls.class.getClassLoader()))));
    ClassModel model = format.parse(bytes);
    boolean exits = false;
    for (PoolEntry entry : model.constantPool()) {
      exits |= entry instanceof MethodRefEntry method && isExit(method);
    }
    if (!exits) {
      return bytes;
    }
    return format.transformClass(
        model,
        ClassTransform.transformingMethodBodies(
            (code, element) -> {
              if (element instanceof InvokeInstruction call
                  && call.method() instanceof MethodRefEntry method
                  && isExit(method)) {
                boolean ofRuntime = method.owner().asInternalName().equals("java/lang/Runtime");
                code.invokestatic(GUARD, "refuse", ofRuntime ? OF_RUNTIME : STATIC);
              } else {
                code.with(element);
              }
            }));
  }

  private static boolean isExit(MethodRefEntry method) {
    String name = method.name().stringValue();
    return switch (method.owner().asInternalName()) {
      case "java/lang/System" -> name.equals("exit");
      case "java/lang/Runtime" -> name.equals("exit") || name.equals("halt");
      default -> false;
    };
  }
}
