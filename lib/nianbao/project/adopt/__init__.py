"""``nianbao adopt``: published reports, or figures that another office handed over, into ``params/<year>/``.

========== =========================================================================
`found`    what the files say
`values`   the params that follow from it, and what of them is told
`faithful` read back: what is written prints what was printed; leave for its faults
`plan`     which file becomes which params file; all of it is written, or nothing
========== =========================================================================
"""

from nianbao.project.adopt.plan import Adoption, adopt, plan_adoption

__all__ = ["Adoption", "adopt", "plan_adoption"]
