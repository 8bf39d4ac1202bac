"""Every drawing of the demo slides, by the name that `talks.py` uses for it."""

from collections.abc import Callable

from media_library.demo.canvas import Canvas
from media_library.demo.pictures import currents, scenes, tides, waves

PICTURES: dict[str, Callable[[Canvas], None]] = {
    picture.__name__: picture
    for picture in (
        scenes.moonlit_sea,
        scenes.windy_sea,
        scenes.deep_sea,
        tides.uneven_pull,
        tides.two_bulges,
        tides.turning_earth,
        tides.spring_and_neap,
        tides.tidal_ranges,
        waves.ripples,
        waves.three_causes,
        waves.orbits,
        waves.swell,
        waves.breaker,
        currents.gulf_stream,
        currents.sinking_water,
        currents.overturning_loop,
        currents.plankton_bloom,
        currents.argo_float,
        currents.thousand_years,
    )
}
