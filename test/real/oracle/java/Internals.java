import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/** Calls what the worker's classes keep to their own package. */
class Internals {
    static Object create(Class<?> type, Class<?>[] parameters, Object... arguments) throws Exception {
        Constructor<?> constructor = type.getDeclaredConstructor(parameters);
        constructor.setAccessible(true);
        return constructor.newInstance(arguments);
    }

    static Object call(Object object, String name, Object... arguments) throws Exception {
        for (Method method : object.getClass().getDeclaredMethods()) {
            if (!method.getName().equals(name) || !takes(method, arguments)) continue;
            method.setAccessible(true);
            try {
                return method.invoke(object, arguments);
            } catch (InvocationTargetException error) {
                throw error.getCause() instanceof Exception cause ? cause : error;
            }
        }
        throw new NoSuchMethodException(object.getClass() + "." + name);
    }

    private static boolean takes(Method method, Object[] arguments) {
        Class<?>[] types = method.getParameterTypes();
        if (types.length != arguments.length) return false;
        for (int i = 0; i < types.length; i++) if (!types[i].isInstance(arguments[i])) return false;
        return true;
    }
}
