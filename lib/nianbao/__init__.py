"""nianbao (年报): the statutory annual report on government information disclosure, reproducibly."""
